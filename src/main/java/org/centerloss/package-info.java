/** Image embeddings trained with standalone center loss. */
package org.centerloss;
