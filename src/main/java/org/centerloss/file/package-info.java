/**
 * Reading what may be damaged or made by others: JSON into records, tables in CSV. Every refusal is
 * an {@link org.centerloss.InputException} that names file, field, what was expected and what was
 * found, and comes before anything is made from the content.
 */
package org.centerloss.file;
