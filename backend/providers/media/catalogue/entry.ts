import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaModel, MediaProviderInfo } from '@wfm/workflow-engine/ports';

/** What a model costs, as somebody read it. Nothing is billed by it. */
export interface PriceRule {
  /** `image` and `megapixel` are counted by picture, `character` by the prompt. */
  unit: 'image' | 'megapixel' | 'second' | 'character';
  usd: number;
  /** Factors by the value of a parameter; a value that is not listed counts once. */
  times?: { param: string; by: Record<string, number> }[];
  /** An `image` price is for so many pixels; larger pictures cost in proportion. */
  pixels?: number;
  note?: string;
}

/** USD per million tokens, for what a reply says it used. */
export interface TokenPrices {
  textIn: number;
  imageIn: number;
  out: number;
}

/** A model of the catalogue and how its parameters reach the vendor. Data only. */
export interface MediaEntry extends MediaModel {
  price?: PriceRule;
  tokens?: TokenPrices;
  /** The id that is sent, where one id serves several actions. */
  vendorModel?: string;
  /** By aspect ratio: pixels as `WxH`, sent in its place. */
  sizes?: Record<string, string>;
  /** Parameters that the vendor wants as text. */
  asText?: readonly string[];
  /** Always sent beside the parameters. */
  fixed?: JsonObject;
}

/** One vendor of the catalogue. */
export interface VendorCatalogue extends Omit<MediaProviderInfo, 'ready' | 'reason' | 'models'> {
  models: readonly MediaEntry[];
  /** The day on which prices, limits and ids were read. */
  asOf: string;
}
