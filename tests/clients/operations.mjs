// What every client asks.
export const LOGIN = `
  mutation Login($input: LoginInput!) {
    login(input: $input) { sessionToken me { email } errors { code message path } }
  }`;

export const TICKETS = `
  query Tickets($first: Int) {
    tickets(first: $first, orderBy: { field: CREATED_AT, direction: ASC }) {
      totalCount
      nodes { id subject }
      pageInfo { hasNextPage endCursor }
    }
  }`;

export const REPLY = `
  mutation Reply($input: ReplyToTicketInput!) {
    replyToTicket(input: $input) { message { id body } errors { code message path } }
  }`;

export const FOLLOW = `
  subscription Follow($ticket: ID!, $after: String) {
    ticketUpdated(ticketId: $ticket, after: $after) {
      __typename
      ... on LiveEvent { cursor }
      ... on TicketMessageAdded { message { id body author { displayName } } }
    }
  }`;
