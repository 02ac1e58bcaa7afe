/** What other programs read: embeddings as tables and arrays. */
package org.centerloss.interchange;
