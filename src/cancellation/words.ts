import { cancelText } from '../resources/resource.ts';
import type { FinishableCancellation } from './cancellation.ts';

/** What is cancelled, in a word for people: `operation`, `job`, `build`. */
export const nounOf = ({ operation }: FinishableCancellation): string =>
  'kind' in operation ? operation.kind.noun : operation.job === undefined ? 'operation' : 'job';

/** The call that cancels, as `POST :cancel`. */
export const cancelCallOf = ({ operation }: FinishableCancellation): string =>
  'calls' in operation ? cancelText(operation.calls.cancel) : 'cancel';
