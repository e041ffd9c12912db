"""Requests that no HTTP client would send."""

from app.web.protocol import HEADER_BYTES

HEAD = b"GET /health/live HTTP/1.1\r\nHost: keyfob.example\r\n"
GET = HEAD + b"\r\n"
POST = b"POST /graphql HTTP/1.1\r\nHost: keyfob.example\r\nContent-Type: application/json\r\n"
HELLO = b'{"query": "{ hello }"}'
SAVE = b'{"query": "mutation { save(text: \\"x\\") }"}'
SWITCH = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
MALFORMED = {
    "no HTTP": b"HELO keyfob.example\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an unknown method": b"BREW / HTTP/1.1\r\nHost: keyfob.example\r\n\r\n",
    "an unknown version": b"GET / HTTP/9.9\r\nHost: keyfob.example\r\n\r\n",
    "a proxy's method": b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in the address": b"GET /\xff HTTP/1.1\r\nHost: keyfob.example\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a NUL": HEAD + b"X-A: b\0c\r\n\r\n",
    "a folded header": HEAD + b"X-A: b\r\n c\r\n\r\n",
    "a space before the colon": HEAD + b"X-A : b\r\n\r\n",
    "bare line feeds": b"GET /health/live HTTP/1.1\nHost: keyfob.example\n\n",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "a length with a sign": POST + b"Content-Length: +5\r\n\r\nhello",
    "a length and chunks": POST
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and another coding": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a chunk without a size": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "no key for a socket": HEAD + SWITCH + b"\r\n",
    "a key that is none": HEAD + SWITCH + b"Sec-WebSocket-Key: x\r\n\r\n",
    "two keys for a socket": HEAD + SWITCH + KEY + KEY + b"\r\n",
    "an extension that is none": HEAD + SWITCH + KEY + b"Sec-WebSocket-Extensions: ;\r\n\r\n",
    "a socket with a header that is too long": HEAD
    + SWITCH
    + KEY
    + b"X-A: "
    + b"a" * 9000
    + b"\r\n\r\n",
}
LARGE = {
    "one header": HEAD + b"X-A: " + b"a" * HEADER_BYTES + b"\r\n\r\n",
    "many headers": HEAD + b"a: b\r\n" * HEADER_BYTES,
    "an address": b"GET /" + b"a" * HEADER_BYTES + b" HTTP/1.1\r\nHost: keyfob.example\r\n\r\n",
    "a header without an end": HEAD + b"X-A: " + b"a" * 5_000_000,
    "an address without an end": b"GET /" + b"a" * 5_000_000,
}
