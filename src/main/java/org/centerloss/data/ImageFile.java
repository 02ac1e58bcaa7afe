package org.centerloss.data;

import java.nio.file.Path;

/**
 * An image file of a folder that is a data set.
 *
 * @param name where it lies below the folder, with / between names; see {@link FileNames}
 * @param category the name of its class
 * @param part what its image is for
 */
record ImageFile(Path path, String name, String category, Part part) {
    /** The same file for something else. */
    ImageFile in(Part other) {
        return new ImageFile(path, name, category, other);
    }
}
