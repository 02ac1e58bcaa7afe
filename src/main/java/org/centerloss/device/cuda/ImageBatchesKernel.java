package org.centerloss.device.cuda;

import org.centerloss.device.Augmentation;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageBatches;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/** {@code kernels/image_batches.cu}. */
final class ImageBatchesKernel extends CudaOp implements ImageBatches {
    private static final int THREADS = 256;

    private final CudaImageStore store;
    private final int batch;
    private final Augmentation augmentation;
    private final long seed;
    private final int[] shape;
    private final Grid grid;
    private final Kernel next;
    private final Kernel advance;
    private final DeviceMemory order;

    /** The kernel's struct Position: epoch, next entry, length of the order. */
    private final DeviceMemory position;

    private boolean begun;

    ImageBatchesKernel(
            CudaDevice device,
            ImageStore imageStore,
            int batch,
            Augmentation augmentation,
            long seed) {
        super(device, "image batches [" + batch + "]");
        store = planned(() -> own(imageStore));
        this.batch = batch;
        this.augmentation = augmentation;
        this.seed = seed;
        shape = new int[] {batch, store.channels, store.height, store.width};
        // A batch that fits into a tensor also fits into a grid.
        planned(() -> CudaTensor.product(shape));
        int blocksPerImage = (store.height * store.width - 1) / THREADS + 1;
        grid = Grid.of(batch * blocksPerImage, THREADS);
        next = kernel(KernelFunction.IMAGE_BATCHES_NEXT);
        advance = kernel(KernelFunction.IMAGE_BATCHES_ADVANCE);
        order = workspace((long) Integer.BYTES * store.count());
        position = workspace(3L * Integer.BYTES);
    }

    private CudaImageStore own(ImageStore imageStore) {
        if (!(imageStore instanceof CudaImageStore)
                || ((CudaImageStore) imageStore).device != device) {
            throw new DeviceException("image batches: store is of another device");
        }
        return (CudaImageStore) imageStore;
    }

    @Override
    public void begin(int epoch, int[] entries, int start) {
        checkOpen();
        if (entries.length < 1 || entries.length > store.count()) {
            throw new DeviceException(
                    "%s: expected an order of 1 to %d entries, found %d"
                            .formatted(name(), store.count(), entries.length));
        }
        if (start < 0 || start > entries.length) {
            throw new DeviceException(
                    "%s: expected a position of 0 to %d, found %d"
                            .formatted(name(), entries.length, start));
        }
        for (int i = 0; i < entries.length; i++) {
            if (entries[i] < 0 || entries[i] >= store.count()) {
                throw new DeviceException(
                        "%s: entry %d of the order is %d, expected 0 to %d"
                                .formatted(name(), i, entries[i], store.count() - 1));
            }
        }
        upload(order, entries);
        upload(position, epoch, start, entries.length);
        begun = true;
    }

    private void upload(DeviceMemory memory, int... values) {
        device.staging()
                .upload(
                        name() + " begin",
                        memory.address(),
                        values.length,
                        Integer.BYTES,
                        (host, first, count) -> host.ints().put(0, values, first, count));
    }

    @Override
    public void next(Tensor images, IntTensor labels) {
        checkOpen();
        device.stream().require(this, this::checkBegun);
        next.launch(
                grid,
                store.pixels(),
                store.labels(),
                order,
                position,
                activation(images, "images", shape),
                integers(labels, "labels", batch),
                batch,
                store.channels,
                store.height,
                store.width,
                seed,
                augmentation.flip() ? 1 : 0,
                augmentation.maxDegrees(),
                augmentation.padding());
        advance.launch(Grid.of(1, 1), position, batch);
    }

    private void checkBegun() {
        if (!begun) {
            throw new DeviceException(name() + ": next was called before begin");
        }
    }
}
