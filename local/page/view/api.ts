import type { Explanation } from '../model/explanation.ts';
import type { PublishedMessage } from '../model/messages.ts';
import type { Behavior } from '../model/behavior.ts';

/** An error that the server explains, or that it cannot be reached. */
async function post<T>(path: string, input: unknown, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
    ...(signal && { signal }),
  });
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The server answered ${response.status}.`);
  return answer;
}

export const publish = (message: PublishedMessage) =>
  post<{ messageId: string; requestId: string }>('/api/publish', message);

export const explain = (request: unknown, signal: AbortSignal) =>
  post<Explanation>('/api/explain', request, signal);

/** Adds an operation to the simulated services, begins one anew, or has one behave in another way. */
export const simulate = (input: {
  readonly url: string;
  readonly restart?: boolean;
  readonly behavior?: Behavior;
}) => post<{ url: string }>('/api/simulate', input);
