/** Ids in the order in which they came. Where there are too many, the oldest that have ended leave, else the oldest. */
export function boundedIds(limit: number) {
  const open = new Set<string>();
  const ended = new Set<string>();
  return {
    /** Adds an id, or notes that it has ended or not, and gives those that leave. */
    add: (id: string, hasEnded: boolean): string[] => {
      const [into, outOf] = hasEnded ? [ended, open] : [open, ended];
      outOf.delete(id);
      into.add(id);
      const leaving: string[] = [];
      while (open.size + ended.size > limit) {
        const from = ended.size > 0 ? ended : open;
        const [oldest] = from;
        if (oldest === undefined) break;
        from.delete(oldest);
        leaving.push(oldest);
      }
      return leaving;
    },
    remove: (id: string) => {
      open.delete(id);
      ended.delete(id);
    },
  };
}
