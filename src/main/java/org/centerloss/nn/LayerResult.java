package org.centerloss.nn;

import org.centerloss.device.Tensor;

/** A layer's result on the device, and what the way back needs to know of it. */
final class LayerResult {
    final Tensor tensor;

    /** How many layers use it. */
    final int uses;

    /** Whether its layer's way back needs neither this result nor, elsewhere, its storage. */
    boolean overwritable;

    /** Whether its layer's way back overwrites the gradient that it is given. */
    boolean spoilsGradient;

    /** False for the images alone. */
    boolean needsGradient = true;

    /** The gradient as far as the layers that use the result have been planned. */
    Tensor gradient;

    LayerResult(Tensor tensor, int uses) {
        this.tensor = tensor;
        this.uses = uses;
    }
}
