/**
 * The shape of a letter's view, learnt from its samples: which names a template may use, and what is a list.
 * Fails: never. What only ever was null or empty has an unknown shape, which allows everything below it.
 */

export type Shape =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'leaf' }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly of: ReadonlyMap<string, Shape> }

const UNKNOWN: Shape = { kind: 'unknown' }
const LEAF: Shape = { kind: 'leaf' }

/** Learns the shape of one value. */
export function shapeOf(value: unknown): Shape {
  if (value === null || value === undefined) return UNKNOWN
  if (Array.isArray(value)) return { kind: 'list', of: mergeShapes(value.map(shapeOf)) }
  if (typeof value !== 'object' || value instanceof Date) return LEAF
  return { kind: 'map', of: new Map(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)])) }
}

function mergeTwo(one: Shape, other: Shape): Shape {
  if (one.kind === 'unknown') return other
  if (other.kind === 'unknown') return one
  if (one.kind === 'list' && other.kind === 'list') return { kind: 'list', of: mergeTwo(one.of, other.of) }
  if (one.kind === 'map' && other.kind === 'map') {
    const of = new Map(one.of)
    for (const [name, shape] of other.of) of.set(name, mergeTwo(of.get(name) ?? UNKNOWN, shape))
    return { kind: 'map', of }
  }
  return LEAF
}

/** Merges what several samples show. */
export function mergeShapes(shapes: readonly Shape[]): Shape {
  return shapes.reduce(mergeTwo, UNKNOWN)
}
