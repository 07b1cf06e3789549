import { cancelText } from '../resources/resource.ts';
import { needsBody } from '../resources/through.ts';
import type { FinishableCancellation } from './cancellation.ts';

/** What is cancelled, in a word for people: `operation`, `job`, `build`. */
export const nounOf = ({ operation }: FinishableCancellation): string =>
  'kind' in operation ? operation.kind.noun : operation.job === undefined ? 'operation' : 'job';

/** The call that cancels, as `POST :cancel`; `cancel` where that is a GET and a POST, and either may have been answered. */
export const cancelCallOf = ({ operation }: FinishableCancellation): string =>
  'calls' in operation && !needsBody(operation) ? cancelText(operation.calls.cancel) : 'cancel';
