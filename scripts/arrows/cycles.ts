/** Which files each file imports. */
export type Graph = ReadonlyMap<string, readonly string[]>

/** One circle of imports for each knot of files that import one another, as short as there is; `[a, b]` is a → b → a. */
export function cyclesIn(graph: Graph): string[][] {
  const reached = new Map([...graph.keys()].map((file) => [file, reachable(graph, file)]))
  const seen = new Set<string>()
  return [...graph.keys()].sort().flatMap((file) => {
    if (seen.has(file) || !reached.get(file)!.has(file)) return []
    for (const other of reached.get(file)!) if (reached.get(other)?.has(file)) seen.add(other)
    return [shortestWayBack(graph, file)]
  })
}

function reachable(graph: Graph, from: string): Set<string> {
  const found = new Set<string>()
  const next = [...(graph.get(from) ?? [])]
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (found.has(file)) continue
    found.add(file)
    next.push(...(graph.get(file) ?? []))
  }
  return found
}

/** Searches in breadth, so that the first way found is a shortest one. */
function shortestWayBack(graph: Graph, start: string): string[] {
  const ways = [[start]]
  const visited = new Set<string>()
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const target of graph.get(way.at(-1)!) ?? []) {
      if (target === start) return way
      if (visited.has(target)) continue
      visited.add(target)
      ways.push([...way, target])
    }
  }
  return [start]
}
