/**
 * Files as formats: JSON into records, CSV, safetensors, NumPy. Every refusal is an {@link
 * org.centerloss.base.InputException} that names file, field, what was expected and what was found,
 * and comes before anything is made from the content.
 */
package org.centerloss.format;
