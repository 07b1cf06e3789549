import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

interface VirtualListProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** In pixels, on a wide and on a narrow screen. */
  readonly rowHeights: readonly [wide: number, narrow: number];
  readonly row: (item: Item) => ComponentChildren;
}

const NARROW = '(max-width: 700px)';
/** Rows above and below the visible ones. */
const OVERSCAN = 6;

/**
 * A list of which only the visible rows are in the document, so that ten thousand are as quick as ten. Rows have one height.
 * Arrow keys, Home and End go from link to link; a row that has the focus stays in the document.
 */
export function VirtualList<Item>({ label, items, keyOf, rowHeights, row }: VirtualListProps<Item>) {
  const list = useRef<HTMLOListElement>(null);
  const [view, setView] = useState({ top: 0, height: 800, narrow: false });
  const [focused, setFocused] = useState<string>();
  const anchor = useRef<{ key: string; index: number }>(undefined);
  /** The row that a key leads to, until it is drawn. */
  const goal = useRef<number>(undefined);
  const rowHeight = rowHeights[view.narrow ? 1 : 0];

  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const media = window.matchMedia(NARROW);
    const measure = () =>
      setView({ top: element.scrollTop, height: element.clientHeight, narrow: media.matches });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);

  // Rows that come in above must not move those that somebody reads.
  useLayoutEffect(() => {
    const element = list.current;
    const before = anchor.current;
    if (!element || before === undefined || element.scrollTop < rowHeight) return;
    const index = items.findIndex((item) => keyOf(item) === before.key);
    if (index >= 0 && index !== before.index) element.scrollTop += (index - before.index) * rowHeight;
  }, [items]);

  useLayoutEffect(() => {
    const row = `[data-index="${goal.current}"] :is(a, button, select)`;
    if (goal.current !== undefined) list.current?.querySelector<HTMLElement>(row)?.focus();
    goal.current = undefined;
  });

  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const end = Math.min(items.length, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  const topIndex = Math.min(items.length - 1, Math.floor(view.top / rowHeight));
  const topItem = items[topIndex];
  anchor.current = topItem === undefined ? undefined : { key: keyOf(topItem), index: topIndex };

  const shown = new Set<number>();
  for (let index = first; index < end; index += 1) shown.add(index);
  const focusedIndex = focused === undefined ? -1 : items.findIndex((item) => keyOf(item) === focused);
  if (focusedIndex >= 0) shown.add(focusedIndex);

  const goTo = (index: number) => {
    const element = list.current;
    const item = items[index];
    if (!element || item === undefined) return;
    setFocused(keyOf(item));
    goal.current = index;
    const top = index * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    const below = top + rowHeight - element.clientHeight;
    if (below > element.scrollTop) element.scrollTop = below;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    // A key that comes before the last one was drawn goes on from there.
    const at = goal.current ?? Number(target.closest<HTMLElement>('[data-index]')?.dataset.index ?? -1);
    // In a field, the arrows belong to the field.
    if (at < 0 || target.matches('select, input')) return;
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    goTo(Math.min(items.length - 1, Math.max(0, next)));
  };

  return (
    <ol
      class="rows"
      ref={list}
      aria-label={label}
      onKeyDown={onKeyDown}
      onFocusIn={(event) => {
        const at = (event.target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset.index;
        const item = at === undefined ? undefined : items[Number(at)];
        if (item !== undefined) setFocused(keyOf(item));
      }}
    >
      <li class="spacer" aria-hidden="true" style={{ height: `${items.length * rowHeight}px` }} />
      {[...shown]
        .sort((a, b) => a - b)
        .map((index) => {
          const item = items[index] as Item;
          return (
            <li
              key={keyOf(item)}
              data-index={index}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
            >
              {row(item)}
            </li>
          );
        })}
    </ol>
  );
}
