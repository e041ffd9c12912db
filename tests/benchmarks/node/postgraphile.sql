-- What PostGraphile needs over the same tables: a role that sees what the session in app.token may see, and computed columns.
DO $$ BEGIN CREATE ROLE bench_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT USAGE ON SCHEMA public TO bench_reader;
GRANT SELECT ON users, operators, accounts, tickets, ticket_messages TO bench_reader;

CREATE OR REPLACE FUNCTION viewer_key() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT user_id FROM sessions
  WHERE secret_digest = encode(sha256(convert_to(current_setting('app.token', true), 'UTF8')), 'hex')
    AND status = 'ACTIVE' AND expires_at > now() AND idle_until > now()
$$;
CREATE OR REPLACE FUNCTION viewer_account_keys() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT m.account_id FROM memberships m JOIN accounts a ON a.id = m.account_id
  WHERE m.user_id = viewer_key() AND m.status = 'ACTIVE' AND (m.expires_at IS NULL OR m.expires_at > now())
    AND a.status <> 'CLOSED' AND (m.granted & 512 > 0 OR a.owner_id = m.user_id)
$$;
CREATE OR REPLACE FUNCTION users_display_name(u users) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT trim(u.first_name || ' ' || u.last_name)
$$;
CREATE OR REPLACE FUNCTION ticket_messages_current_badge(m ticket_messages) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT CASE WHEN m.relationship NOT IN ('OWNER', 'AUTHORIZED_USER', 'REGISTERED_USER') THEN m.relationship
    ELSE coalesce((
      SELECT CASE WHEN a.owner_id = s.user_id THEN 'OWNER' ELSE 'AUTHORIZED_USER' END
      FROM memberships s JOIN accounts a ON a.id = s.account_id
      WHERE s.user_id = m.author_id AND s.account_id = m.account_id AND s.status = 'ACTIVE'
        AND (s.expires_at IS NULL OR s.expires_at > now())), 'REGISTERED_USER') END
$$;

ALTER TABLE tickets ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS reading ON tickets;
CREATE POLICY reading ON tickets FOR SELECT TO bench_reader
  USING (account_id IN (SELECT viewer_account_keys()));
ALTER TABLE ticket_messages ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS reading ON ticket_messages;
CREATE POLICY reading ON ticket_messages FOR SELECT TO bench_reader
  USING (NOT internal AND account_id IN (SELECT viewer_account_keys()));
