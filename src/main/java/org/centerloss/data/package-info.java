/**
 * Data sets: formats, where they are looked for, decoding, and the order of training. {@link
 * org.centerloss.data.Datasets#load} is the way in; what it gives is whole, checked and in memory.
 * {@link org.centerloss.data.Fetch} downloads them.
 */
package org.centerloss.data;
