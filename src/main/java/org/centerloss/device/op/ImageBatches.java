package org.centerloss.device.op;

import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/**
 * Cuts batches out of an {@link ImageStore}: gathers the images of an index list, augments them and
 * converts them to floats in [0, 1] (byte / 255).
 *
 * <p>The index list, the position in it and the epoch live on the device, so {@link #next} can be
 * part of a recorded program.
 */
public interface ImageBatches extends Op {
    /**
     * Starts an epoch.
     *
     * @param epoch the epoch's number, part of the address of every random draw
     * @param order indices into the store, in the order in which they are drawn; its length is at
     *     most the store's count
     * @param position the first entry of {@code order} to draw: 0, or where a resumed epoch goes on
     */
    void begin(int epoch, int[] order, int position);

    /**
     * Writes the next batch and moves on. Slots past the end of the order repeat its last entry;
     * the caller ignores them.
     *
     * @param images activation [batch, channels, height, width]
     * @param labels [batch]
     */
    void next(Tensor images, IntTensor labels);
}
