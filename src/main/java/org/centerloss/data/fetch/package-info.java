/** Downloads of published data sets. */
package org.centerloss.data.fetch;
