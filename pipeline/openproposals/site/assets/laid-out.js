// What documents have and plain text has not: raised and lowered digits. The same as openproposals/factcheck/laid_out.py.

export const RAISED = [..."⁰¹²³⁴⁵⁶⁷⁸⁹"];
export const LOWERED = [..."₀₁₂₃₄₅₆₇₈₉"];
const SIGN = /^\s*[-+−–](?=[0-9])/u;

export const digits = (text, signs) => text.replace(/[0-9]/g, (digit) => signs[digit]);
export const raised = (said) => digits(said.replace(SIGN, (sign) => (sign === "+" ? "⁺" : "⁻")), RAISED);
export const lowered = (said) => digits(said.replace(SIGN, (sign) => (sign === "+" ? "₊" : "₋")), LOWERED);
