import { mostSimilar } from '../validation/similar.ts';

/**
 * Names of fields that many services have in the metadata of their operations, from the messages that
 * `google.longrunning.operation_info.metadata_type` names in googleapis/googleapis. Metadata may have any other field; only
 * a name that is nearly one of these is taken for a mistake.
 */
const COMMON = words(`
  @type apiVersion buildName cancelRequested cancelTime cluster clusterName commonMetadata createTime database description
  displayName doneTime endTime expireTime failureCount finishTime genericMetadata insertTime instance instanceConfig
  knowledgeBase labels method name operationMetadata operationState operationType parent partialFailures progress
  progressMessage progressPercent progressPercentage projectId request requestTime requestedCancellation resource
  sourceType startTime state stateMessage status statusDetail statusHistory statusMessage submitTime successCount target
  transferJobName updateTime userLabels verb workerPool
`);

/** Names of fields of some service that are nearly a common one, and are no mistake. */
const RARE = words('stateDetail type');

/** The fields of the messages that metadata contains, by the field that holds them. */
const NESTED: Readonly<Record<string, readonly string[]>> = {
  build: words('createTime finishTime id images labels name projectId startTime status statusDetail tags'),
  common: words('endTime labels operationType startTime state'),
  commonMetadata: words(
    'createTime endTime progressPercent requestedCancellation resource state stateMessage type updateTime',
  ),
  genericMetadata: words('createTime partialFailures updateTime'),
  instance: words('config displayName labels name state'),
  operationMetadata: words(
    'apiVersion counters createTime endTime requestedCancellation statusMessage target transferType verb',
  ),
  progress: words('endTime progressPercent startTime steps'),
  status: words('details innerState state stateStartTime statusMessage substate'),
};

/**
 * The known path that a path into metadata is nearly equal to, and so was probably meant: in another case, as
 * `create_time`, in the plural or the singular, or with a letter or two wrong. Undefined for a known path, and for one
 * that resembles none.
 */
export function meantMetadataField(path: string): string | undefined {
  const [root, name, field, ...rest] = path.split('.');
  if (root !== 'metadata' || name === undefined) return undefined;
  const meantName = meantWord(name, COMMON, RARE);
  const nested = NESTED[meantName ?? name];
  const meantNested = field === undefined || nested === undefined ? undefined : meantWord(field, nested);
  if (meantName === undefined && meantNested === undefined) return undefined;
  return [root, meantName ?? name, meantNested ?? field, ...rest]
    .filter((segment) => segment !== undefined)
    .join('.');
}

function meantWord(
  written: string,
  known: readonly string[],
  other: readonly string[] = [],
): string | undefined {
  if (known.includes(written) || other.includes(written)) return undefined;
  const forms = formsOf(written);
  return (
    known.find((word) => formsOf(word).some((form) => forms.includes(form))) ?? mostSimilar(written, known)
  );
}

/** A name without its case and separators, as it stands and in the singular. */
function formsOf(name: string): readonly string[] {
  const plain = name.toLowerCase().replace(/[_-]/g, '');
  return [plain, plain.replace(/s$/, ''), plain.replace(/es$/, ''), plain.replace(/ies$/, 'y')];
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
