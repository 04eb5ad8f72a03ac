const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).map((word) => `$${word}`));

/** The stages of format.md 14.8. */
export const stageNames = words(
  'match sort project limit skip group unwind addFields set unset count replaceRoot replaceWith sample bucket bucketAuto sortByCount facet',
);

/** Operators that compute a value from one document: the groups that 14.8 names. */
export const expressionNames = words(
  `
  abs add ceil divide exp floor ln log log10 mod multiply pow round sqrt subtract trunc
  arrayElemAt arrayToObject concatArrays filter first firstN in indexOfArray isArray last lastN map maxN minN range reduce reverseArray size slice sortArray zip
  and not or
  cmp eq gt gte lt lte ne
  cond ifNull switch
  dateAdd dateDiff dateFromParts dateFromString dateSubtract dateToParts dateToString dateTrunc dayOfMonth dayOfWeek dayOfYear hour isoDayOfWeek isoWeek isoWeekYear millisecond minute month second week year
  getField mergeObjects objectToArray setField unsetField
  allElementsTrue anyElementTrue setDifference setEquals setIntersection setIsSubset setUnion
  concat indexOfBytes indexOfCP ltrim regexFind regexFindAll regexMatch replaceAll replaceOne rtrim split strLenBytes strLenCP strcasecmp substr substrBytes substrCP toLower toUpper trim
  convert isNumber toBool toDate toDecimal toDouble toInt toLong toString type
  let literal
  avg max min sum stdDevPop stdDevSamp median percentile`.trim(),
);

/** Operators that compute a value from a group of documents. */
export const accumulatorNames = words(
  'addToSet avg bottom bottomN count first firstN last lastN max maxN median mergeObjects min minN percentile push stdDevPop stdDevSamp sum top topN',
);

/** Operators of `$match` on one field, and those that join conditions. */
export const conditionNames = words('eq ne gt gte lt lte in nin exists type regex options not elemMatch all size mod');
export const junctionNames = words('and or nor');

/** Names that lead to a prototype. No path and no field may hold one. */
export const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
