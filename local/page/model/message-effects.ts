import type { Notice } from './records.ts';
import { keyOfRequest } from './request-life.ts';
import type { RequestLife } from './request-life.ts';
import type { RunLife } from './run-life.ts';

/** What became of a message on the topic of triggers, as far as the page knows. */
export interface MessageEffects {
  readonly runs: readonly RunLife[];
  readonly notices: readonly Notice[];
  /** Why the function refused it, where its result does not tell that it was a trigger. */
  readonly refusal?: string;
}

interface Known {
  readonly runs: ReadonlyMap<string, RunLife>;
  readonly notices: ReadonlyMap<string, Notice>;
  readonly requests: ReadonlyMap<string, RequestLife>;
}

/** The runs that a message started, and the notices about it. A budget alert can start one run, and find another started before. */
export function effectsOf({ runs, notices, requests }: Known, messageId: string): MessageEffects {
  const isOfMessage = (one: { readonly messageId?: string }) => one.messageId === messageId;
  const answer = requests.get(keyOfRequest(messageId, undefined));
  return {
    runs: [...runs.values()].filter(isOfMessage),
    notices: [...notices.values()].filter(isOfMessage),
    ...(answer?.ended === true && { refusal: `${answer.status}: ${answer.detail ?? ''}` }),
  };
}
