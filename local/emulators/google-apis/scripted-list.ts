import { addressOf, serviceOf, type Address } from './address.ts';
import { dialectOf } from './dialect.ts';
import { faultQueue, type FaultQueue } from './fault-queue.ts';
import type { ListScript } from './operation-script.ts';

/** The list method of one parent, with its faults. */
export interface ScriptedList {
  readonly script: ListScript;
  readonly nextFault: FaultQueue;
}

/** Of a parent for which nothing is scripted. */
export const PLAIN_LIST: ScriptedList = { script: {}, nextFault: () => undefined };

/** Makes a parent's list script ready to be called; a TypeError where it could have no effect. */
export function scriptedList(parent: Address, script: ListScript): ScriptedList {
  const { hasList, list } = dialectOf(serviceOf(parent.host));
  const mistake = (problem: string) => new TypeError(`${problem}: ${parent.url}`);
  if (!hasList(parent)) throw mistake('There is no list method');
  if (script.noWildcard && !parent.collection.split('/').includes('-')) throw mistake('Not a wildcard');
  if (script.projectNumber !== undefined && listedBy(parent, script) === parent) {
    throw mistake('No project whose number could be shown');
  }
  if (script.unreachable && !list.unreachable) throw mistake('This list never says what was unreachable');
  if (script.maxPageSize !== undefined && !list.size) throw mistake('This list has no pages');
  return { script, nextFault: faultQueue(script.listFaults) };
}

/** The collection whose operations a list call shows: the one that is asked for, or the same of the number. */
export function listedBy(asked: Address, { projectNumber }: ListScript): Address {
  if (projectNumber === undefined) return asked;
  const url = asked.url.replace(/\/projects\/[^/]+\//, `/projects/${projectNumber}/`);
  return url === asked.url ? asked : (addressOf(url.slice('https://'.length)) ?? asked);
}
