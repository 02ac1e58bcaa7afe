package org.centerloss.cpu.op;

import java.util.function.IntConsumer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuImageStore;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.ImageBatches;

/** Gathers and augments batches, images in parallel. */
public final class CpuImageBatches extends CpuOp implements ImageBatches {
    private final CpuImageStore store;
    private final int batch;
    private final long seed;

    /** One for each task. */
    private final ImageAugmenter[] augmenters;

    private final IntConsumer runTask = this::runTask;

    private final int[] order;
    private int length;
    private int position;
    private int epoch;

    // The arguments of the run in progress.
    private CpuTensor images;
    private int[] labels;

    public CpuImageBatches(
            CpuDevice device,
            ImageStore imageStore,
            int batch,
            Augmentation augmentation,
            long seed) {
        super(device, "image batches [" + batch + "]");
        if (!(imageStore instanceof CpuImageStore)
                || ((CpuImageStore) imageStore).device != device) {
            close();
            throw new DeviceException("image batches: store is of another device");
        }
        store = (CpuImageStore) imageStore;
        this.batch = batch;
        this.seed = seed;
        order = new int[store.count()];
        augmenters = new ImageAugmenter[Math.min(batch, 4 * device.threads().count())];
        for (int task = 0; task < augmenters.length; task++) {
            augmenters[task] =
                    new ImageAugmenter(augmentation, store.channels, store.height, store.width);
        }
        holds((long) Integer.BYTES * order.length + augmenters.length * augmenters[0].bytes());
    }

    @Override
    public void begin(int newEpoch, int[] newOrder, int start) {
        checkOpen();
        if (newOrder.length < 1 || newOrder.length > order.length) {
            throw new DeviceException(
                    "%s: expected an order of 1 to %d entries, found %d"
                            .formatted(name(), order.length, newOrder.length));
        }
        if (start < 0 || start > newOrder.length) {
            throw new DeviceException(
                    "%s: expected a position of 0 to %d, found %d"
                            .formatted(name(), newOrder.length, start));
        }
        for (int i = 0; i < newOrder.length; i++) {
            if (newOrder[i] < 0 || newOrder[i] >= store.count()) {
                throw new DeviceException(
                        "%s: entry %d of the order is %d, expected 0 to %d"
                                .formatted(name(), i, newOrder[i], store.count() - 1));
            }
        }
        System.arraycopy(newOrder, 0, order, 0, newOrder.length);
        length = newOrder.length;
        position = start;
        epoch = newEpoch;
    }

    @Override
    public void next(Tensor imageTensor, IntTensor labelTensor) {
        checkOpen();
        images =
                activation(imageTensor, "images", batch, store.channels, store.height, store.width);
        labels = integers(labelTensor, "labels", batch);
        if (length == 0) {
            throw new DeviceException(name() + ": next was called before begin");
        }
        device.threads().run(augmenters.length, runTask);
        position = Math.min(position + batch, length);
    }

    private void runTask(int task) {
        int end = (int) ((task + 1L) * batch / augmenters.length);
        for (int slot = (int) ((long) task * batch / augmenters.length); slot < end; slot++) {
            int sample = order[Math.min(position + slot, length - 1)];
            labels[slot] = store.labels()[sample];
            int start = sample * store.channels * store.height * store.width;
            put(augmenters[task].augment(store.pixels(), start, seed, sample, epoch), slot);
        }
    }

    private void put(float[] image, int slot) {
        int size = store.height * store.width;
        for (int channel = 0; channel < store.channels; channel++) {
            int at = images.offset(slot, channel, 0, 0);
            int stride = images.channelBlock();
            int from = channel * size;
            if (stride == 1) {
                images.buffer().put(at, image, from, size);
                continue;
            }
            for (int pixel = 0; pixel < size; pixel++) {
                images.buffer().put(at + pixel * stride, image[from + pixel]);
            }
        }
    }
}
