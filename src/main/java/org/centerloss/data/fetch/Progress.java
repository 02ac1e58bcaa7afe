package org.centerloss.data.fetch;

/** Told how far the decoding of a folder of images has come; one call at a time, any thread. */
@FunctionalInterface
public interface Progress {
    /**
     * @param done images decoded so far
     * @param total images to decode
     */
    void advance(int done, int total);
}
