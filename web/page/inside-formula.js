// The sum behind a unit as a formula, and in words.

import { withMinus } from "./common.js";

/** So many states are written out; of more, their sum is. */
const FEW = 4;

/** A number as it is shown. */
export const number = (value) => withMinus(value.toFixed(3));

const signed = (value) => (value < 0 ? ` − ${number(-value)}` : ` + ${number(value)}`);

/** The sum of the products, or in a pooling layer the largest state, before coefficient and bias. */
export function together({ joined, terms }) {
  const products = terms.map(({ value, weight }) => value * weight);
  return joined === "max" ? Math.max(...products) : products.reduce((sum, product) => sum + product, 0);
}

/** The sum and the state, each as a formula with the numbers of the unit. */
export function formulas(unit) {
  const { joined, terms, weights, coefficient, bias, sum, function: name, state } = unit;
  const values = terms.map(({ value }) => value);
  const few = !weights && terms.length <= FEW;
  const added = few ? `(${values.slice(1).reduce((text, value) => text + signed(value), number(values[0]))})` : number(together(unit));
  const start = joined === "max" ? `max(${few ? values.map(number).join(", ") : "…"})` : added;
  const whole = `${start}${coefficient ? ` × ${number(coefficient[2])}` : ""}${bias ? signed(bias[2]) : ""}`;
  const a = whole === number(sum) ? `a = ${whole}` : `a = ${whole} = ${number(sum)}`;
  const x = { squash: "1.7159 tanh(2a/3)", relu: "max(0, a)" }[name] ?? "a";
  return [a, `x = ${x} = ${number(state)}`];
}

/** The same in sentences. */
export function tellSum(unit) {
  const { joined, terms, weights, coefficient, bias, sum, function: name, state } = unit;
  const count = terms.length;
  const added = weights ? `The ${count} products add up to` : `The ${count} states add up to`;
  const what = joined === "max" ? `The largest of the ${count} states is` : added;
  const parts = [...(coefficient ? [`times the coefficient ${number(coefficient[2])}`] : []), ...(bias ? [`plus the bias ${number(bias[2])}`] : [])];
  const text = [...parts, `that makes a = ${number(sum)}`].join(", ");
  const squashed = { squash: "1.7159 times tanh of 2a/3", relu: "a, or 0 if a is negative" }[name] ?? "a";
  return `${what} ${number(together(unit))}. ${text[0].toUpperCase()}${text.slice(1)}. The state is ${squashed}: x = ${number(state)}.`;
}
