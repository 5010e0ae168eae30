/** A state machine: to each state, the states that it may become. No other step exists. */
export type Transitions<State extends string> = Readonly<Record<State, readonly State[]>>;

/** The states from which a thing may go to `target`: what a guarded UPDATE lists. */
export function statesBefore<State extends string>(transitions: Transitions<State>, target: State): State[] {
  return (Object.keys(transitions) as State[]).filter((state) => transitions[state].includes(target));
}
