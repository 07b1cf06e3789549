import type { Plugin } from 'esbuild';

/** A file of a library, and what stands for it. */
type Replacement = readonly [file: RegExp, contents: string];

/**
 * What Google's libraries load and never use. Together more than half of all that they have, and some 50 ms of a start that
 * publishes.
 *
 * - The static classes of protobuf messages: exported for whoever wants them by name. The clients themselves read
 *   the JSON beside them.
 * - A polyfill of the web's streams, which Node has.
 * - The server of gRPC.
 * - The client of Pub/Sub's schemas, uploads that can be resumed, and what an SDK of OpenTelemetry says of itself.
 */
export const UNUSED_OF_GOOGLE: readonly Replacement[] = [
  [/\/@google-cloud\/pubsub(?:-api)?\/build\/protos\/protos\.js$/, 'module.exports = {};'],
  [/\/google-gax\/build\/protos\/(?:iam_service|locations|operations)\.js$/, 'module.exports = {};'],
  [/\/web-streams-polyfill\/dist\/ponyfill\.es2018\.js$/, "module.exports = require('node:stream/web');"],
  [/\/@grpc\/grpc-js\/build\/src\/server(?:-interceptors)?\.js$/, 'module.exports = {};'],
  [/\/@google-cloud\/pubsub-api\/build\/src\/v1\/schema_service_client\.js$/, 'module.exports = {};'],
  [/\/google-gax\/build\/src\/resumable(?:Upload|SourceFromFile)\.js$/, 'module.exports = {};'],
  [/\/@opentelemetry\/core\/build\/src\/platform\/node\/sdk-info\.js$/, 'module.exports = {};'],
];

/**
 * Google's client puts the project in place of `{{projectId}}` in everything that it publishes, which would change what
 * senders wrote in attributes, and walks through each message for it. The function names its topics in full.
 */
export const PROJECT_TOKEN: readonly Replacement[] = [
  [
    /\/@google-cloud\/projectify\/build\/src\/index\.js$/,
    'exports.replaceProjectIdToken = (value) => value;',
  ],
];

const LEFT_OUT = "throw new Error('left out of the bundle');";

/**
 * Of undici, all but the client of one connection: HTTP/2, bodies of `fetch` and FormData, and the parser of responses
 * without SIMD, which every processor of Cloud Run has.
 */
export const UNUSED_OF_UNDICI: readonly Replacement[] = [
  [
    /\/undici\/index\.js$/,
    "exports.Client = require('./lib/dispatcher/client.js'); exports.buildConnector = require('./lib/core/connect.js');",
  ],
  [/\/undici\/lib\/dispatcher\/client-h2\.js$/, 'module.exports = undefined;'],
  [/\/undici\/lib\/web\/fetch\/(?:body|formdata)\.js$/, LEFT_OUT],
  [/\/undici\/lib\/web\/webidl\/index\.js$/, LEFT_OUT],
  [/\/undici\/lib\/llhttp\/llhttp-wasm\.js$/, LEFT_OUT],
];

/** Leaves out of a bundle what the libraries never use. */
export function replaceUnused(replacements: readonly Replacement[]): {
  readonly plugin: Plugin;
  /** @throws Error when a file was not met: another version of a library may have other files */
  readonly check: () => void;
} {
  const replaced = new Set<RegExp>();
  return {
    plugin: {
      name: 'replace-unused',
      setup: (builder) => {
        for (const [file, contents] of replacements) {
          builder.onLoad({ filter: file }, () => {
            replaced.add(file);
            return { contents, loader: 'js' };
          });
        }
      },
    },
    check: () => {
      for (const [file] of replacements) {
        if (!replaced.has(file)) throw new Error(`nothing was replaced for ${file.source}`);
      }
    },
  };
}
