/** Image files: formats, orientation, transparency, size. */
package org.centerloss.data.image;
