import { jsonAnswer, statusAnswer, type WholeAnswer } from '../google-apis/answer.ts';
import type { FaultStep } from '../google-apis/fault.ts';
import { faultQueue } from '../google-apis/fault-queue.ts';
import type { HostHandler, Reply, ServiceRequest } from '../google-apis/google-services.ts';
import { noSuchMethod, throughFaults } from '../google-apis/operation-methods.ts';
import { unknownParameters } from '../google-apis/query-parameters.ts';
import { createDispatcher } from './dispatcher.ts';
import { createPresentTasks, type PresentTask } from './present-tasks.ts';
import { readTask } from './task.ts';
import { listTasks } from './task-list.ts';
import { readView, taskResource, type TaskView } from './task-resource.ts';

/**
 * Cloud Tasks on this machine: takes named tasks, refuses a name that was there before, shows and lists each while it is
 * there, and sends it at least once, at its time, until it is taken (google/cloud/tasks/v2).
 */
export interface SimulatedCloudTasks {
  /** Answers for `cloudtasks.googleapis.com`. */
  readonly handle: HostHandler;
  /** The tasks that wait for their time, however far ahead, or are being sent; the soonest first. */
  waiting(): PresentTask[];
  /** Names of all tasks created so far, and the number of times that each was sent. */
  dispatches(): ReadonlyMap<string, number>;
  /** Stops sending, at once. Tasks that wait are never sent. */
  close(): Promise<void>;
}

export interface SimulatedCloudTasksOptions {
  /** Local address of `https://pubsub.googleapis.com`, as `http://127.0.0.1:8085`. */
  readonly pubsubUrl: string;
  /** Faults of the calls that create tasks. */
  readonly createFaults?: readonly FaultStep[];
  /** Faults of the calls that get and list tasks, and get the queue. */
  readonly getFaults?: readonly FaultStep[];
  /** Refuses to show the HTTP request of a task, as to a caller without `cloudtasks.tasks.fullView`. */
  readonly fullViewDenied?: boolean;
  /** Sends every n-th task twice. Default: no task. */
  readonly duplicateEvery?: number;
  /** Delay of each task beyond its schedule time. Default 0. */
  readonly lateMs?: number;
  /** `max_dispatches_per_second` of the queue. Default: however many are due. */
  readonly dispatchesPerSecond?: number;
  /** Time for which a name stays taken after its task has gone. Default an hour. */
  readonly tombstoneMs?: number;
  /** Gives the time of this process at which a task is due, for a caller whose clock runs faster. Default: the same. */
  readonly realMsOf?: (scheduleMs: number) => number;
}

const QUEUE = /^\/v2\/(projects\/[^/]+\/locations\/[^/]+\/queues\/[^/:]+)$/;
const TASKS = /^\/v2\/(projects\/[^/]+\/locations\/[^/]+\/queues\/[^/]+)\/tasks$/;
const GET = /^\/v2\/(projects\/[^/]+\/locations\/[^/]+\/queues\/[^/]+\/tasks\/[^/:]+)$/;

export function createSimulatedCloudTasks(options: SimulatedCloudTasksOptions): SimulatedCloudTasks {
  const { pubsubUrl, duplicateEvery = Infinity, lateMs = 0, tombstoneMs = 3_600_000 } = options;
  const { dispatchesPerSecond = Infinity, realMsOf = (scheduleMs: number) => scheduleMs } = options;
  const tasks = createPresentTasks(tombstoneMs);
  const dispatcher = createDispatcher(tasks, { pubsubUrl, lateMs, dispatchesPerSecond });
  const faults = { create: faultQueue(options.createFaults), get: faultQueue(options.getFaults) };

  function create(queue: string, body: Buffer): WholeAnswer {
    const createdMs = Date.now();
    const task = readTask(queue, body, createdMs);
    if ('status' in task) return task;
    if (tasks.isTaken(task.name)) return statusAnswer('ALREADY_EXISTS', 'Requested entity already exists');
    const present = { ...task, createdMs, nextMs: realMsOf(task.scheduleMs), dispatched: 0 };
    tasks.put(present);
    dispatcher.start(task.name, tasks.dispatches.size % duplicateEvery === 0 ? 2 : 1);
    return jsonAnswer(200, taskResource(present, 'BASIC'));
  }

  /** The view that a call asks for, or its refusal. */
  function viewOf(query: URLSearchParams): TaskView | WholeAnswer {
    const view = readView(query.get('responseView'));
    if (view === undefined) return statusAnswer('INVALID_ARGUMENT', 'Invalid value at "response_view".');
    if (view === 'FULL' && options.fullViewDenied === true) {
      return statusAnswer(
        'PERMISSION_DENIED',
        'The principal (user or service account) lacks IAM permission "cloudtasks.tasks.fullView" for the resource.',
      );
    }
    return view;
  }

  function list(queue: string, query: URLSearchParams): WholeAnswer {
    const view = viewOf(query);
    if (typeof view !== 'string') return view;
    const ofQueue = tasks.list().filter(({ name }) => name.startsWith(`${queue}/tasks/`));
    return listTasks(ofQueue, view, query);
  }

  function get(name: string, query: URLSearchParams): WholeAnswer {
    const view = viewOf(query);
    if (typeof view !== 'string') return view;
    const task = tasks.get(name);
    if (task) return jsonAnswer(200, taskResource(task, view));
    return statusAnswer(
      'NOT_FOUND',
      tasks.isTaken(name)
        ? 'The task no longer exists, though a task with this name existed recently. The task either successfully completed or was deleted.'
        : 'Requested entity was not found.',
    );
  }

  function answer({ host, query }: ServiceRequest, call: MethodCall): Reply {
    const refusal = unknownParameters(query, call.parameters);
    if (refusal) return { answer: refusal };
    return throughFaults(faults[call.method](), {
      host,
      name: call.name,
      method: call.method,
      // https://cloud.google.com/tasks/docs/access-control
      resources: 'tasks',
      nowMs: Date.now(),
      ordinary: call.ordinary,
      resource: () => ({ name: call.name }),
    });
  }

  return {
    handle: (request) => {
      const { method, path, body } = request;
      const [, tasksOf] = TASKS.exec(path) ?? [];
      const [, name] = method === 'GET' ? (GET.exec(path) ?? []) : [];
      const [, queue] = method === 'GET' ? (QUEUE.exec(path) ?? []) : [];
      if (tasksOf !== undefined && method === 'POST') {
        const ordinary = () => create(tasksOf, body);
        return answer(request, { method: 'create', name: tasksOf, parameters: [], ordinary });
      }
      if (tasksOf !== undefined && method === 'GET') {
        const ordinary = () => list(tasksOf, request.query);
        const parameters = ['responseView', 'pageSize', 'pageToken'];
        return answer(request, { method: 'get', name: tasksOf, parameters, ordinary });
      }
      if (queue !== undefined) {
        // Every queue is there, as a task can be created in any.
        const ordinary = () =>
          jsonAnswer(200, { name: queue, state: 'RUNNING', retryConfig: { maxAttempts: -1 } });
        return answer(request, { method: 'get', name: queue, parameters: [], ordinary });
      }
      if (name !== undefined) {
        const ordinary = () => get(name, request.query);
        return answer(request, { method: 'get', name, parameters: ['responseView'], ordinary });
      }
      return { answer: noSuchMethod(path) };
    },
    waiting: () => tasks.list(),
    dispatches: () => tasks.dispatches,
    close: () => dispatcher.close(),
  };
}

/** One call of a method, with its answer in the absence of a fault. */
interface MethodCall {
  readonly method: 'create' | 'get';
  /** The queue or the task. */
  readonly name: string;
  readonly parameters: readonly string[];
  readonly ordinary: () => WholeAnswer;
}
