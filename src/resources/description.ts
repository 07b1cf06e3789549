import { isObject } from '../validation/schema.ts';
import { shownText } from '../validation/shown-text.ts';
import { fieldReader } from './field-path.ts';

/**
 * The facts by which a person decides whether a resource is to be cancelled, as its service states them. A fact that the
 * service does not state is absent. Each is a bounded, well-formed line of text.
 */
export interface ResourceDescription {
  /** The last segment of the type of its metadata, as `OperationMetadata`. */
  readonly type?: string;
  /** The action, as `create`. */
  readonly verb?: string;
  /** The resource that the action changes. */
  readonly target?: string;
  /** The time that `olderThan` counts from, in RFC 3339. */
  readonly createTime?: string;
}

/** The paths of the fields that a description is read from; the first that is a text counts. */
interface DescriptionFields {
  readonly type?: string;
  readonly verb: readonly string[];
  readonly target: readonly string[];
}

/** Largest sizes of the facts, in bytes of UTF-8. */
const MAX_BYTES = { type: 128, verb: 128, target: 512 };

/**
 * Makes a reader of descriptions.
 *
 * @param createdAtMs reads the time of creation, in milliseconds since the epoch
 */
export function descriptionReader(
  { type, verb, target }: DescriptionFields,
  createdAtMs: (body: Readonly<Record<string, unknown>>) => number | undefined,
): (body: unknown) => ResourceDescription {
  const readType = textReader(type === undefined ? [] : [type]);
  const readVerb = textReader(verb);
  const readTarget = textReader(target);
  return (body) => {
    if (!isObject(body)) return {};
    const [typeUrl, action, object] = [readType(body), readVerb(body), readTarget(body)];
    const createdMs = createdAtMs(body);
    return {
      ...(typeUrl !== undefined && { type: shownText(lastSegment(typeUrl), MAX_BYTES.type) }),
      ...(action !== undefined && { verb: shownText(action, MAX_BYTES.verb) }),
      ...(object !== undefined && { target: shownText(object, MAX_BYTES.target) }),
      ...(createdMs !== undefined && { createTime: new Date(createdMs).toISOString() }),
    };
  };
}

/** Reads the first of the fields that has a text. */
function textReader(paths: readonly string[]): (body: unknown) => string | undefined {
  const readers = paths.map(fieldReader);
  return (body) => {
    for (const read of readers) {
      const value = read(body);
      if (typeof value === 'string' && value !== '') return value;
    }
    return undefined;
  };
}

/** `type.googleapis.com/google.cloud.notebooks.v2.OperationMetadata` is `OperationMetadata`. */
const lastSegment = (type: string) => type.slice(Math.max(type.lastIndexOf('/'), type.lastIndexOf('.')) + 1);
