import type { FaultStep } from '../fault.ts';
import { faultQueue, type FaultQueue } from '../fault-queue.ts';
import type { JsonObject } from '../rpc-status.ts';
import type { JobFacts, JobKind } from './job-kind.ts';
import { createdAtMs, goneAtMs, isEnd, stepsOf, type JobPast, type JobStep } from './job-life.ts';
import type { JobScript } from './job-script.ts';
import { mergePatch } from './merge-patch.ts';
import type { PathVariables } from './path-template.ts';

/** What a job is called, and where. */
export interface JobAddress {
  readonly kind: JobKind;
  readonly host: string;
  /** In full: `projects/p/locations/l/customJobs/j`. */
  readonly name: string;
  readonly at: PathVariables;
  readonly url: string;
  readonly key: string;
}

/** One job, as the methods of a service see it. */
export class StoredJob {
  readonly address: JobAddress;
  /** Rises with every job added: the order of a list, and what its page tokens point at. */
  readonly sequence: number;
  readonly #now: () => number;
  #past: JobPast;
  #faults: { readonly cancel: FaultQueue; readonly get: FaultQueue };

  constructor(address: JobAddress, script: JobScript, sequence: number, now: () => number) {
    this.address = address;
    this.sequence = sequence;
    this.#now = now;
    this.#past = { script, addedAtMs: now() };
    this.#faults = { cancel: faultQueue(script.cancelFaults), get: faultQueue(script.getFaults) };
  }

  /** Follows another script from now on; its past stays, such as a cancel that it took. */
  change(script: JobScript): void {
    this.#past = { ...this.#past, script };
    this.#faults = { cancel: faultQueue(script.cancelFaults), get: faultQueue(script.getFaults) };
  }

  get script(): JobScript {
    return this.#past.script;
  }

  get cancelledAtMs(): number | undefined {
    return this.#past.cancelledAtMs;
  }

  /** Whether a cancel has deleted it. */
  get isGone(): boolean {
    const gone = goneAtMs(this.#past);
    return gone !== undefined && gone <= this.#now();
  }

  /** The state it is in. */
  present(): JobStep {
    const step = this.#steps().at(-1);
    if (!step) throw new Error(`no state of ${this.address.url}`);
    return step;
  }

  facts(): JobFacts {
    const { host, name, at } = this.address;
    const steps = this.#steps();
    const { word, phase, sinceMs } = this.present();
    const isDated = this.script.ageMs !== 'unknown';
    const started = steps.find((step) => step.phase === 'running');
    return {
      host,
      name,
      at,
      word,
      phase,
      steps,
      createTime: isDated ? timestamp(createdAtMs(this.#past)) : undefined,
      startTime: isDated && started ? timestamp(started.sinceMs) : undefined,
      endTime: isEnd(phase) ? timestamp(sinceMs) : undefined,
      updateTime: timestamp(sinceMs),
      isCancelRequested: this.cancelledAtMs !== undefined,
      location: this.script.location ?? at['location'] ?? at['region'] ?? 'US',
    };
  }

  /** The job as a version of its service shows it. */
  resource({ resource }: JobKind): JsonObject {
    return mergePatch(resource(this.facts()), this.script.fields ?? {});
  }

  /** Takes a cancel; only the first counts, and none that comes after the end. */
  cancel(): void {
    if (this.cancelledAtMs === undefined && !isEnd(this.present().phase)) {
      this.#past = { ...this.#past, cancelledAtMs: this.#now() };
    }
  }

  /** The next scripted fault for a method; undefined once they are used up. */
  nextFault(method: 'cancel' | 'get'): FaultStep | undefined {
    return this.#faults[method]();
  }

  #steps(): readonly JobStep[] {
    return stepsOf(this.#past, this.address.kind.words, this.#now());
  }
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
