package org.centerloss.data.image;

/** How an image of other proportions comes to a size. */
public enum Resize {
    /** Stretched to it. */
    SQUASH,
    /** The largest part of the wanted proportions around the middle, scaled to it. */
    CROP,
    /** Scaled to fit within it, the background on both sides. */
    PAD
}
