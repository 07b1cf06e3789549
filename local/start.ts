import { once } from 'node:events';
import { readSettings } from '../src/settings/settings.ts';
import { ownSettingsOrExit } from './own-settings.ts';
import { createPageStore } from './page/model/page-store.ts';
import { startPage } from './page/start-page.ts';
import { exampleOperations, scenarios } from './scenarios.ts';
import { sweepSettings, sweptOperations } from './sweep-scenarios.ts';
import { startLocalSystem } from './system.ts';

/** `npm start`: the system of the demo, left running for you to publish to. Ends with Ctrl-C. */
const defaults = {
  ALLOWED_SERVICES: '*,cloudchannel',
  GOOGLE_CLOUD_PROJECT: 'my-project',
  ...sweepSettings({ dryRun: false }),
};
const settings = { ...defaults, ...ownSettingsOrExit(defaults) };
const store = createPageStore(Date.now);
const system = await startLocalSystem({
  settings,
  resultsSubscriptionId: 'lro-cancel-results-page',
  onLogLine: (line) => store.onLogLine(line),
  onServiceCall: (call) => store.onServiceCall(call),
}).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
for (const { operation } of scenarios) {
  if (operation !== undefined) system.services.add(operation.url, operation.script);
}
for (const url of exampleOperations) system.services.add(url, { afterMs: 2_000 });
for (const { url, script } of sweptOperations) system.services.add(url, script);
system.onResult(
  ({ data, attributes }) => store.onResult(data, attributes),
  ({ data }) => store.onReport(data),
);
const reading = readSettings(settings);
if (!reading.ok) throw new Error('the settings were checked before');
const page = await startPage({ ports: [4747, 0], store, system, settings: reading.settings });
console.log(page.url);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await page.close();
await system.close();
