import assert from 'node:assert/strict';
import type { OperationScript } from '../../../../local/emulators/google-apis/google-services.ts';
import type { JsonObject } from '../../../../local/emulators/google-apis/rpc-status.ts';
import { read, type Caller } from './service-caller.ts';

/** A list of the first service, used where it does not matter which. */
export const PARENT = 'https://notebooks.googleapis.com/v2/projects/p/locations/us-central1/operations';

/** A page in the form that most services have. */
interface Page {
  readonly operations?: readonly { readonly name: string }[];
  readonly nextPageToken?: string;
  readonly unreachable?: readonly string[];
}

/** The page of a list that has to be answered. */
export async function list(caller: Caller, query = '', parent = PARENT): Promise<Page> {
  return listed(caller, parent, query);
}

/** The same for a service with a form of its own. */
export async function listed(caller: Caller, parent: string, query = ''): Promise<JsonObject> {
  const { status, json, text } = await read(await caller.send(parent + query));
  assert.equal(status, 200, text);
  return json as JsonObject;
}

/** The status and the message of a list call that is refused. */
export async function refusal(caller: Caller, url: string): Promise<readonly [number, string, string]> {
  const { status, json } = await read(await caller.send(url));
  const { error } = json as { readonly error: { readonly status: string; readonly message: string } };
  return [status, error.status, error.message];
}

/** The ids of operations. */
export function idsOf(operations: unknown = []): string[] {
  return (operations as { name: string }[]).map(({ name }) => name.slice(name.lastIndexOf('/') + 1));
}

/** The ids on a page. */
export const ids = ({ operations }: Page) => idsOf(operations);

/** Adds operations to a parent by their ids. */
export function addAll(
  caller: Caller,
  scripts: Readonly<Record<string, OperationScript>>,
  parent = PARENT,
): void {
  for (const [id, script] of Object.entries(scripts)) caller.services.add(`${parent}/${id}`, script);
}

/** Every page, following the tokens. */
export async function pagesOf(caller: Caller, parent: string, query: string): Promise<JsonObject[]> {
  const pages: JsonObject[] = [];
  let token: unknown = '';
  while (typeof token === 'string') {
    const page = await listed(caller, parent, `?${query}&pageToken=${encodeURIComponent(token)}`);
    pages.push(page);
    assert.ok(pages.length < 10, 'the pages come to an end');
    token = page['nextPageToken'];
  }
  return pages;
}

/** Every page's ids, following the tokens. */
export async function allPages(caller: Caller, pageSize: number): Promise<string[][]> {
  const pages = await pagesOf(caller, PARENT, `pageSize=${pageSize}`);
  return pages.map(({ operations }) => idsOf(operations));
}
