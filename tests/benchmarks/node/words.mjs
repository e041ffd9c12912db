// What a row means: permissions, badges, cursors.
export const PERMISSIONS = [
  ...["PROFILE", "CONTACTS", "PRODUCTS", "MANAGE_PRODUCTS", "PRODUCT_SSO", "DOMAINS"],
  ...["MANAGE_DOMAINS", "INVOICES", "QUOTES", "TICKETS", "AFFILIATES", "EMAILS", "ORDERS"],
  ...["MANAGE_USERS", "MANAGE_INTEGRATIONS", "VIEW_AUDIT_LOG"],
];
export const PRIORITIES = [null, "LOW", "MEDIUM", "HIGH"];
export const LABELS = {
  OWNER: "Owner",
  AUTHORIZED_USER: "Authorized user",
  REGISTERED_USER: "Registered user",
  OPERATOR: "Operator",
};
const bit = (permission) => 1 << PERMISSIONS.indexOf(permission);
export const TICKETS = bit("TICKETS");
const EVERYTHING = (1 << PERMISSIONS.length) - 1;
const IMPLIED = [
  [bit("MANAGE_PRODUCTS") | bit("PRODUCT_SSO"), bit("PRODUCTS")],
  [bit("MANAGE_DOMAINS"), bit("DOMAINS")],
];
const lists = new Map();

const implied = (mask) =>
  IMPLIED.reduce((all, [reasons, more]) => (mask & reasons ? all | more : all), mask);

// What somebody may do in an account, as bits.
export const permitted = (mask, owns, living, status) => {
  if (!living || status === "CLOSED") return 0;
  const held = owns ? EVERYTHING : implied(mask);
  return status === "SUSPENDED" ? held & TICKETS : held;
};

export const listed = (mask) => {
  if (!lists.has(mask)) lists.set(mask, PERMISSIONS.filter((_, place) => (mask >> place) & 1));
  return lists.get(mask);
};

const OF_PEOPLE = new Set(["OWNER", "AUTHORIZED_USER", "REGISTERED_USER"]);

export const badgeOf = (relationship, verified, living, owns) => ({
  relationship,
  label: LABELS[relationship],
  verified,
  current: OF_PEOPLE.has(relationship) ? standing(living, owns) : relationship,
});

const standing = (living, owns) => {
  if (!living) return "REGISTERED_USER";
  return owns ? "OWNER" : "AUTHORIZED_USER";
};

// Where a page of messages ends.
export const endOf = ({ createdAt, id }) => {
  const fraction = createdAt.slice(20, 23);
  const at = `${createdAt.slice(0, 19)}${fraction === "000" ? "" : `.${fraction}000`}+00:00`;
  return Buffer.from(JSON.stringify(["messages created_at", at, id])).toString("base64url");
};
