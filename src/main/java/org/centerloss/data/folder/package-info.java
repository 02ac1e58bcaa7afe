/** Folders of images: which files, which classes, which part. */
package org.centerloss.data.folder;
