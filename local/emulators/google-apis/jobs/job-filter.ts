import type { ListFilter } from '../list-form.ts';
import type { JsonObject } from '../rpc-status.ts';
import { filterTokens, type FilterToken } from './filter-tokens.ts';

/** A field that a filter may name: the value in a resource. */
type FilterField = (resource: JsonObject) => unknown;

/** The fields that a service's filter knows, by the names that it uses. `labels` stands for each of them. */
export type FilterFields = Readonly<Record<string, FilterField>>;

/** The field at a path such as `status.state`. */
export const at =
  (path: string): FilterField =>
  (resource) =>
    path
      .split('.')
      .reduce<unknown>((value, key) => (value as JsonObject | undefined | null)?.[key], resource);

type Test = (resource: JsonObject) => boolean;

class FilterError extends Error {}

/**
 * A filter in the language of AIP-160, as far as services document it for jobs: restrictions with AND, OR, NOT
 * and parentheses, where OR binds more tightly than AND. A field that the service does not know is refused.
 */
export function jobFilter(filter: string, fields: FilterFields): ListFilter {
  if (filter.trim() === '') return { selects: () => true };
  const tokens = filterTokens(filter);
  if (!tokens) return { problem: `Invalid filter: ${filter}` };
  try {
    return { selects: parse(tokens, fields) };
  } catch (error) {
    if (error instanceof FilterError) return { problem: error.message };
    throw error;
  }
}

function parse(tokens: readonly FilterToken[], fields: FilterFields): Test {
  let next = 0;
  const isWord = (...words: string[]) => {
    const token = tokens[next];
    return token?.is === 'word' && words.includes(token.value.toUpperCase());
  };
  const isSign = (sign: string) => tokens[next]?.is === 'sign' && tokens[next]?.value === sign;
  const take = () => {
    const token = tokens[next];
    if (!token) throw new FilterError('Invalid filter: it ends too early');
    next += 1;
    return token;
  };

  const expression = (): Test => {
    const all = [factor()];
    while (next < tokens.length && !isSign(')')) {
      if (isWord('AND')) take();
      all.push(factor());
    }
    return (resource) => all.every((test) => test(resource));
  };
  const factor = (): Test => {
    const some = [term()];
    while (isWord('OR')) {
      take();
      some.push(term());
    }
    return (resource) => some.some((test) => test(resource));
  };
  const term = (): Test => {
    if (isWord('NOT')) {
      take();
      const test = term();
      return (resource) => !test(resource);
    }
    if (!isSign('(')) return restriction();
    take();
    const test = expression();
    if (!isSign(')')) throw new FilterError('Invalid filter: a parenthesis is not closed');
    take();
    return test;
  };
  const restriction = (): Test => {
    const name = take().value;
    const field = fieldOf(name, fields);
    const sign = take();
    if (sign.is !== 'sign' || '()'.includes(sign.value)) {
      throw new FilterError(`Invalid filter: no comparison after ${name}`);
    }
    const value = take();
    if (value.is === 'sign') throw new FilterError(`Invalid filter: no value for ${name}`);
    return comparison(field, sign.value, value.value);
  };

  const test = expression();
  if (next < tokens.length) throw new FilterError('Invalid filter: there is more than one expression');
  return test;
}

function fieldOf(name: string, fields: FilterFields): FilterField {
  if (Object.hasOwn(fields, name)) return fields[name] as FilterField;
  const label = /^labels\.(.+)$/.exec(name)?.[1];
  if (label !== undefined && fields['labels']) {
    const labels = fields['labels'];
    return (resource) => (labels(resource) as JsonObject | undefined)?.[label];
  }
  throw new FilterError(`Invalid filter: unknown field ${name}`);
}

function comparison(field: FilterField, sign: string, wanted: string): Test {
  switch (sign) {
    case '=':
      return (resource) => isLike(field(resource), wanted);
    case '!=':
      return (resource) => !isLike(field(resource), wanted);
    case ':':
      return (resource) => {
        const value = field(resource);
        if (wanted === '*') return value !== undefined;
        const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
        return isObject ? wanted in value : isLike(value, wanted);
      };
    default:
      return (resource) => {
        const order = orderOf(field(resource), wanted);
        if (order === undefined) return false;
        if (order === 0) return sign.endsWith('=');
        return sign.startsWith('<') === order < 0;
      };
  }
}

/** Equal, or fits where the wanted text has a `*` at an end; of several values, one of them. */
function isLike(value: unknown, wanted: string): boolean {
  if (Array.isArray(value)) return value.some((one) => isLike(one, wanted));
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false;
  const text = String(value);
  if (wanted.length > 1 && wanted.startsWith('*')) return text.endsWith(wanted.slice(1));
  if (wanted.length > 1 && wanted.endsWith('*')) return text.startsWith(wanted.slice(0, -1));
  return text === wanted;
}

/** By time where both are times, otherwise as text. */
function orderOf(value: unknown, wanted: string): number | undefined {
  if (typeof value !== 'string') return undefined;
  const [a, b] = [Date.parse(value), Date.parse(wanted)];
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  return value < wanted ? -1 : Number(value > wanted);
}
