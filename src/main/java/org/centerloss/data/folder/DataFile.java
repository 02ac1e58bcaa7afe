package org.centerloss.data.folder;

import org.centerloss.data.Part;

/**
 * An image file of a folder, as a run found it.
 *
 * @param part what its image was for; null where it was left out, as it could not be read or is a
 *     copy of an image of another part
 * @param category the name of its class
 * @param name where it lies below the folder, with / between names
 * @param size bytes; 0 where it could not be read
 * @param sha256 of its content, in hexadecimal; empty where it could not be read
 */
public record DataFile(Part part, String category, String name, long size, String sha256) {
    /** The same file for something else, or for nothing. */
    DataFile in(Part other) {
        return new DataFile(other, category, name, size, sha256);
    }

    /** Whether another file's bytes are the same. */
    public boolean hasContentOf(DataFile other) {
        return size == other.size && sha256.equals(other.sha256);
    }
}
