"""The floor's statements, written by hand for what is asked and nothing else."""

import json
from typing import Final

# ruff: noqa: S608  # nothing but texts of ours is put in

SESSION: Final = """SELECT user_id, id FROM sessions
WHERE secret_digest = $1 AND status = 'ACTIVE' AND expires_at > now() AND idle_until > now()"""
LIVING: Final = "m.status = 'ACTIVE' AND (m.expires_at IS NULL OR m.expires_at > now())"
NAME: Final = "trim({u}.first_name || ' ' || {u}.last_name)"
TICKET: Final = f"""SELECT t.id, t.number, t.subject, t.status, t.priority, t.is_locked, t.created_at,
  a.id, a.name, a.owner_id = m.user_id, m.granted
FROM tickets t JOIN accounts a ON a.id = t.account_id
JOIN memberships m ON m.account_id = t.account_id AND m.user_id = $1 AND {LIVING}
WHERE t.id = $2 AND a.status <> 'CLOSED'"""
PAGE: Final = f"""SELECT m.id, m.body, m.via, m.created_at, m.relationship, m.verified,
  u.id, {NAME.format(u="u")}, o.id, {NAME.format(u="p")},
  s.status = 'ACTIVE' AND (s.expires_at IS NULL OR s.expires_at > now()), a.owner_id = m.author_id
FROM ticket_messages m LEFT JOIN users u ON u.id = m.author_id
LEFT JOIN operators o ON o.id = m.operator_id LEFT JOIN users p ON p.id = o.user_id
LEFT JOIN memberships s ON s.user_id = m.author_id AND s.account_id = m.account_id
LEFT JOIN accounts a ON a.id = m.account_id
WHERE m.ticket_id = $1 AND NOT m.internal ORDER BY m.created_at, m.id LIMIT 51"""
CHOOSER: Final = f"""SELECT a.id, a.name, a.status, a.owner_id, {NAME.format(u="o")}, m.id,
  a.owner_id = m.user_id, m.granted, {LIVING},
  (SELECT count(*) FROM tickets t WHERE t.account_id = a.id AND t.status <> 'CLOSED')
FROM memberships m JOIN accounts a ON a.id = m.account_id JOIN users o ON o.id = a.owner_id
WHERE m.user_id = $1 AND m.status <> 'ENDED' ORDER BY a.name_key, m.id LIMIT 21"""
STANDING: Final = f"""SELECT a.owner_id = m.user_id, m.granted, a.status
FROM memberships m JOIN accounts a ON a.id = m.account_id
WHERE m.account_id = $2 AND m.user_id = $1 AND {LIVING} AND a.status <> 'CLOSED'"""
TICKETS: Final = f"""SELECT t.id, t.number, t.subject, t.status, t.priority, t.updated_at,
  {NAME.format(u="u")}, t.opener_relationship,
  s.status = 'ACTIVE' AND (s.expires_at IS NULL OR s.expires_at > now()), a.owner_id = t.opener_id
FROM tickets t JOIN users u ON u.id = t.opener_id JOIN accounts a ON a.id = t.account_id
LEFT JOIN memberships s ON s.user_id = t.opener_id AND s.account_id = t.account_id
WHERE t.account_id = $1 ORDER BY t.updated_at DESC, t.id DESC LIMIT 21"""
ME: Final = """SELECT u.id, u.email, u.first_name, u.last_name, u.locale, o.id
FROM users u LEFT JOIN operators o ON o.user_id = u.id WHERE u.id = $1"""
LOG: Final = """SELECT id, sequence, action, actor_name, via, outcome, created_at, hash, targets, actor_id
FROM audit_events WHERE chain = $1 ORDER BY sequence DESC LIMIT 51"""
FACES: Final = f"SELECT u.id, {NAME.format(u='u')} FROM users u WHERE u.id = ANY($1)"
LOCK: Final = f"""SELECT t.account_id, t.is_locked, t.number, t.subject, t.status,
  u.id, {NAME.format(u="u")}, u.email, a.owner_id = m.user_id, m.granted, h.sequence, h.hash
FROM tickets t JOIN memberships m ON m.account_id = t.account_id AND m.user_id = $1 AND {LIVING}
JOIN accounts a ON a.id = t.account_id JOIN users u ON u.id = m.user_id
JOIN audit_heads h ON h.chain = t.account_id
WHERE t.id = $2 AND a.status <> 'CLOSED' FOR NO KEY UPDATE OF h, t FOR SHARE OF m, a"""
TOLD: Final = f"""SELECT u.id, u.email, u.locale, {NAME.format(u="u")}
FROM memberships m JOIN users u ON u.id = m.user_id JOIN accounts a ON a.id = m.account_id
WHERE m.account_id = $2 AND {LIVING} AND m.user_id <> $3 AND (m.granted & 512 > 0 OR a.owner_id = u.id)
  AND (m.ticket_mail = 'ALL' OR m.ticket_mail = 'MINE' AND (
    u.id = (SELECT opener_id FROM tickets WHERE id = $1) OR EXISTS (
      SELECT 1 FROM ticket_messages w WHERE w.ticket_id = $1 AND w.author_id = u.id AND NOT w.internal)))
UNION ALL SELECT u.id, u.email, u.locale, {NAME.format(u="u")}
FROM operators o JOIN users u ON u.id = o.user_id WHERE u.id <> $3 AND EXISTS (
  SELECT 1 FROM ticket_messages w WHERE w.ticket_id = $1 AND w.operator_id = o.id AND NOT w.internal)"""
MESSAGE: Final = """INSERT INTO ticket_messages (id, ticket_id, account_id, author_kind, author_id,
    author_name, author_email, relationship, verified, body, via, ip, internal, created_at)
  VALUES ($1, $2, $3, 'USER', $4, $5, $6, $7, true, $8, 'WEB', $9, false, $10)"""
STATUS: Final = """UPDATE tickets SET status = 'CUSTOMER_REPLY', updated_at = $10, last_reply_at = $10
  WHERE id = $2"""
EVENT: Final = """INSERT INTO audit_events (id, chain, sequence, action, actor_kind, actor_id, actor_name,
    relationship, account_id, ticket_id, session_hint, via, permission_used, targets, changes, outcome, ip,
    request_id, created_at, hash)
  VALUES ($11, $3, $12, 'TICKET_REPLIED', 'USER', $13, $5, $7, $3, $2, $14, 'WEB', 'TICKETS', $15, $16,
    'SUCCEEDED', $9, $17, $10, $18)"""
HEAD: Final = "UPDATE audit_heads SET sequence = $12, hash = $18 WHERE chain = $3"
MAIL: Final = """INSERT INTO emails (id, account_id, kind, recipient, subject, body_text, body_html,
  has_secret, message_id, thread_id, delivery, attempts, next_attempt_at, created_at)"""
WRITE: Final = f"""WITH m AS ({MESSAGE}), t AS ({STATUS}), e AS ({EVENT}), h AS ({HEAD}),
n AS (SELECT pg_notify('keyfob', $19))
{MAIL} SELECT x.id, $3, 'ticket_reply', x.recipient, x.subject, x.text, x.html, false, x.message, $20,
  'QUEUED', 0, $10, $10
  FROM n, unnest($21::uuid[], $22::text[], $23::text[], $24::text[], $25::text[], $26::text[])
  AS x(id, recipient, subject, text, html, message)"""


def written() -> str:
    """Write the statements as JSON, by name, for servers in other languages."""
    return json.dumps({name: text for name, text in globals().items() if name.isupper()})
