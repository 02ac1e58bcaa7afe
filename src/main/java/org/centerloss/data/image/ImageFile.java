package org.centerloss.data.image;

import java.nio.file.Path;
import org.centerloss.data.Part;
import org.centerloss.data.folder.FileNames;

/**
 * An image file of a folder that is a data set.
 *
 * @param name where it lies below the folder, with / between names; see {@link FileNames}
 * @param category the name of its class
 * @param part what its image is for
 */
public record ImageFile(Path path, String name, String category, Part part) {
    /** The same file for something else. */
    public ImageFile in(Part other) {
        return new ImageFile(path, name, category, other);
    }
}
