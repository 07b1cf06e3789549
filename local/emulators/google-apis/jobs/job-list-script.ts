import { faultQueue } from '../fault-queue.ts';
import type { ListScript } from '../operation-script.ts';
import type { ScriptedList } from '../scripted-list.ts';
import type { RoutedCall } from './job-routes.ts';

/** Makes the script of a list of jobs ready to be called; a TypeError where it could have no effect. */
export function scriptedJobList(url: string, { kind, at }: RoutedCall, script: ListScript): ScriptedList {
  const mistake = (problem: string) => new TypeError(`${problem}: ${url}`);
  if (script.noWildcard && !Object.values(at).includes('-')) throw mistake('Not a wildcard');
  if (script.projectNumber !== undefined) throw mistake('Lists of jobs show the names as they are');
  if (script.unreachable && !kind.list.namesUnreachable) {
    throw mistake('This list never says what was unreachable');
  }
  return { script, nextFault: faultQueue(script.listFaults) };
}
