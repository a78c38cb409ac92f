/**
 * How much a YAML or JSON text may hold that somebody sends: prices, payers, a site. `checkDocumentLimits` compares a text with them
 * while it reads it once, before anything of it is parsed, so that no text costs more than its length. They are wide for books that
 * people write: 10 000 overrides or 14 000 mappings of accounts pass.
 */
export const documentCharactersMaximum = 4_000_000
export const documentLinesMaximum = 200_000
/** A rate book needs seven. */
export const documentDepthMaximum = 40
/** Of one object: prices by sku are the longest that books have. */
export const documentFieldsMaximum = 1_000
/** Of one list. */
export const documentItemsMaximum = 20_000
/** Fields and list entries of the whole text; what an alias repeats counts as often as it is repeated. */
export const documentValuesMaximum = 160_000
/** Anchors and aliases together. */
export const documentAliasesMaximum = 1_000
/** So many problems of one text are told, then those that come first must be mended. */
export const documentProblemsMaximum = 200
