// What is asked, in GraphQL's words: as much of the schema as the page, the chooser and the reply need.
import { GraphQLScalarType } from "graphql";
import { PERMISSIONS } from "./words.mjs";

export const typeDefs = `
  scalar DateTime
  enum Relationship { OWNER AUTHORIZED_USER REGISTERED_USER CONTACT GUEST OPERATOR AUTOMATION }
  enum Channel { WEB API EMAIL OPERATOR SYSTEM }
  enum TicketStatus { OPEN ANSWERED CUSTOMER_REPLY ON_HOLD CLOSED }
  enum TicketPriority { LOW MEDIUM HIGH }
  enum AccountStatus { ACTIVE INACTIVE SUSPENDED CLOSED }
  enum Permission { ${PERMISSIONS.join(" ")} }
  interface Actor { id: ID! displayName: String! }
  type User implements Actor { id: ID! displayName: String! }
  type Operator implements Actor { id: ID! displayName: String! }
  type Badge {
    relationship: Relationship! label: String! verified: Boolean! current: Relationship!
  }
  type TicketMessage {
    id: ID! body: String! via: Channel! createdAt: DateTime! author: Actor! badge: Badge!
  }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Messages { nodes: [TicketMessage!]! pageInfo: PageInfo! }
  type Membership { id: ID! isOwner: Boolean! }
  type Account {
    id: ID! name: String! status: AccountStatus! openTicketCount: Int owner: User
    viewerPermissions: [Permission!]! viewerMembership: Membership
  }
  type Accounts { nodes: [Account!]! }
  type Ticket {
    id: ID! number: String! subject: String! status: TicketStatus! priority: TicketPriority!
    isLocked: Boolean! createdAt: DateTime! account: Account messages(first: Int = 50): Messages
  }
  type UserError { code: String! message: String! path: [String!]! }
  type ReplyToTicketPayload { message: TicketMessage ticket: Ticket errors: [UserError!]! }
  input ReplyToTicketInput { ticketId: ID! body: String! }
  type Query { ticket(id: ID!): Ticket accounts(first: Int = 20): Accounts }
  type Mutation { replyToTicket(input: ReplyToTicketInput!): ReplyToTicketPayload }
`;

export const DateTime = new GraphQLScalarType({ name: "DateTime", serialize: (moment) => moment });
