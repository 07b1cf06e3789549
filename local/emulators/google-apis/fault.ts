import { htmlAnswer, jsonAnswer, type Answer, type WholeAnswer } from './answer.ts';
import type { JsonObject } from './rpc-status.ts';
import { isStatusFault, statusFaultAnswer, type Call, type StatusFault } from './status-fault.ts';

/**
 * A fault of a service, or of the network before it, in place of an ordinary answer. A request that meets
 * `slow`, a cut-off (`mid-answer`) or truncated JSON is carried out; a request that meets any other fault is
 * not, unless the step says `applied`.
 */
export type Fault =
  | StatusFault
  /** Takes the request and never answers, or stops halfway through the answer. */
  | { readonly kind: 'hang'; readonly at?: 'before-answer' | 'mid-answer' }
  /** Resets the connection before, or halfway through, the answer. */
  | { readonly kind: 'reset'; readonly at?: 'before-answer' | 'mid-answer' }
  /** A page of the front end, where JSON was due. */
  | { readonly kind: 'html'; readonly status: number }
  /** A whole HTTP answer whose JSON stops halfway through. */
  | { readonly kind: 'truncated-json' }
  /** A well-formed answer that is far too long, chunked unless its length is to be declared. */
  | { readonly kind: 'giant'; readonly bytes: number; readonly declareLength?: boolean }
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: 301 | 302 | 303 | 307 | 308 }
  /** Any JSON, such as `[]` or `"x"`. */
  | { readonly kind: 'json'; readonly value: unknown; readonly status?: number }
  /**
   * The operation with these fields put over its own, such as `{ done: true, error: 'odd' }`. Null removes
   * one.
   */
  | { readonly kind: 'odd-operation'; readonly fields: JsonObject }
  /** The ordinary answer as of the request's arrival, delayed by this much real time. */
  | { readonly kind: 'slow'; readonly delayMs: number };

/** A fault, how often it comes, and whether the request it answers took effect all the same. */
export type FaultStep = Fault & {
  /** Default 1. */
  readonly times?: number | 'always';
  /**
   * The request is carried out, and only its answer is lost: what a retry has to live with. Default false.
   */
  readonly applied?: boolean;
};

/** The request that a fault answers. */
export interface FaultContext extends Call {
  /** The answer without a fault. */
  readonly ordinary: () => WholeAnswer;
  /** The operation as it is, where the request is for one. */
  readonly resource: () => JsonObject;
}

/** The answer to one request that meets a fault. */
export function faultAnswer(fault: Fault, context: FaultContext): Answer {
  if (isStatusFault(fault)) return statusFaultAnswer(fault, context);
  switch (fault.kind) {
    case 'hang':
    case 'reset': {
      if (fault.at !== 'mid-answer') return { send: 'nothing', then: fault.kind };
      return { ...context.ordinary(), send: 'half', then: fault.kind };
    }
    case 'html':
      return htmlAnswer(fault.status, 'Server Error', 'The server encountered a temporary error.');
    case 'truncated-json': {
      const { body, ...ordinary } = context.ordinary();
      return { ...ordinary, body: body.slice(0, Math.floor(body.trimEnd().length / 2)) };
    }
    case 'giant': {
      const headers = { 'content-type': 'application/json; charset=UTF-8' };
      const declareLength = fault.declareLength ?? false;
      return { send: 'filler', status: 200, headers, bytes: fault.bytes, declareLength };
    }
    case 'redirect': {
      const page = htmlAnswer(fault.status ?? 302, 'Found', 'The document has moved.');
      return { ...page, headers: { ...page.headers, location: fault.location } };
    }
    case 'json':
      return jsonAnswer(fault.status ?? 200, fault.value);
    case 'odd-operation':
      return jsonAnswer(200, overlaid(context.resource(), fault.fields));
    case 'slow':
      return context.ordinary();
  }
}

/**
 * `base` with `fields` put over it; a null takes the field away, as in a JSON merge patch (RFC 7396), one
 * level deep.
 */
export function overlaid(base: JsonObject, fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ ...base, ...fields }).filter(([, value]) => value !== null));
}
