// What Relay asks: relay-compiler checks it against the schema and writes __generated__ from it.
import { graphql } from "relay-runtime";

graphql`
  mutation relayOperationsLoginMutation($input: LoginInput!) {
    login(input: $input) { sessionToken me { email } errors { code message path } }
  }
`;

graphql`
  query relayOperationsTicketsQuery($first: Int) {
    tickets(first: $first, orderBy: { field: CREATED_AT, direction: ASC }) {
      totalCount
      nodes { id subject }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

graphql`
  mutation relayOperationsReplyMutation($input: ReplyToTicketInput!) {
    replyToTicket(input: $input) { message { id body } errors { code message path } }
  }
`;

graphql`
  subscription relayOperationsFollowSubscription($ticket: ID!, $after: String) {
    ticketUpdated(ticketId: $ticket, after: $after) {
      __typename
      ... on LiveEvent { cursor }
      ... on TicketMessageAdded { message { id body author { displayName } } }
    }
  }
`;
