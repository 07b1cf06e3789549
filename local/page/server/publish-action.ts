import * as v from 'valibot';
import type { PublishedMessage } from '../model/messages.ts';
import { readInput } from './action.ts';
import type { Action } from './action.ts';

const publishInput = v.strictObject({
  topic: v.picklist(['requests', 'triggers']),
  message: v.record(v.string(), v.unknown()),
  attributes: v.optional(v.record(v.string(), v.string())),
});

/** Publishes a message of the page. */
export const publishAction =
  ({
    publish,
    onPublished,
  }: {
    /** Resolves with the id of the message. */
    readonly publish: (message: PublishedMessage) => Promise<string>;
    /** Called with the id of each request that was published. */
    readonly onPublished: (requestId: string) => void;
  }): Action =>
  async (input) => {
    const given = readInput(publishInput, input);
    if ('refused' in given) return given;
    const { topic, message, attributes } = given.input;
    const messageId = await publish({ topic, message, ...(attributes !== undefined && { attributes }) });
    const { requestId = messageId } = message;
    if (topic === 'requests') onPublished(String(requestId));
    return { value: { messageId, requestId } };
  };
