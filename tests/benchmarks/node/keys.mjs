// TypeIDs and UUIDv7, as fast as JavaScript writes them.
import { randomBytes } from "node:crypto";

const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
const MOST_KEPT = 8192;
const kept = new Map();

export const shown = (prefix, uuid) => {
  const bytes = Buffer.from(uuid.replaceAll("-", ""), "hex");
  let [held, bits, text] = [0, 2, ""]; // two bits of nothing in front of 128
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    for (bits += 8; bits >= 5; text += LETTERS[(held >> bits) & 31]) bits -= 5;
  }
  return `${prefix}_${text}`;
};

// Of what is shown again and again: a person, an account.
export const shownOften = (prefix, uuid) => {
  let text = kept.get(prefix + uuid);
  if (text === undefined) {
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(prefix + uuid, (text = shown(prefix, uuid)));
  }
  return text;
};

export const read = (prefix, text) => {
  const [kind, letters] = text.split("_");
  const digits = [...(letters ?? "")].map((letter) => LETTERS.indexOf(letter));
  if (kind !== prefix || digits.length !== 26 || digits[0] > 7 || digits.includes(-1)) return null;
  const number = digits.reduce((sum, digit) => (sum << 5n) | BigInt(digit), 0n);
  return uuid(number.toString(16).padStart(32, "0"));
};

export const uuid7 = () => {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return uuid(bytes.toString("hex"));
};

const uuid = (hex) => hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
