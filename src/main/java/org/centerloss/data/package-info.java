/** Data sets: formats, where they are looked for, decoding, and the order of training. */
package org.centerloss.data;
