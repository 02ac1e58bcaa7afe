package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaImageStore;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.DeviceException;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.ImageBatches;

/** {@code kernels/image_batches.cu}. */
public final class ImageBatchesKernel extends CudaOp implements ImageBatches {
    private static final int THREADS = 256;

    /** Bytes of the kernel's struct Change. */
    private static final int CHANGE_BYTES = 72;

    private final CudaImageStore store;
    private final int batch;
    private final Augmentation augmentation;
    private final long seed;
    private final int[] shape;
    private final Grid grid;
    private final Kernel draw;
    private final Kernel next;
    private final Kernel contrast;
    private final DeviceMemory order;

    /** The kernel's struct Position: epoch, next entry, length of the order. */
    private final DeviceMemory position;

    /** The kernel's struct Change for each image of the batch. */
    private final DeviceMemory changes;

    /** Sums of gray values, one for each block; null without contrast. */
    private final DeviceMemory grays;

    private boolean begun;

    public ImageBatchesKernel(
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
        planned(() -> TensorForm.elements(shape));
        int blocksPerImage = (store.height * store.width - 1) / THREADS + 1;
        grid = Grid.of(batch * blocksPerImage, THREADS);
        boolean blends = augmentation.colorJitter().contrast() > 0;
        draw = kernel(KernelFunction.IMAGE_BATCHES_DRAW);
        next = kernel(KernelFunction.IMAGE_BATCHES_NEXT);
        contrast = blends ? kernel(KernelFunction.IMAGE_BATCHES_CONTRAST) : null;
        order = workspace((long) Integer.BYTES * store.count());
        position = workspace(3L * Integer.BYTES);
        changes = workspace((long) CHANGE_BYTES * batch);
        grays = blends ? workspace((long) Float.BYTES * grid.x()) : null;
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
        CudaTensor pixels = activation(images, "images", shape);
        Augmentation.ResizedCrop crop = augmentation.resizedCrop();
        Augmentation.ColorJitter jitter = augmentation.colorJitter();
        draw.launch(
                Grid.of(1, THREADS),
                order,
                store.labels(),
                position,
                batch,
                seed,
                augmentation.flip() ? 1 : 0,
                augmentation.maxDegrees(),
                augmentation.padding(),
                crop.minScale(),
                crop.maxRatio(),
                jitter.brightness(),
                jitter.contrast(),
                integers(labels, "labels", batch),
                changes);
        next.launch(
                grid,
                store.pixels(),
                changes,
                batch,
                store.channels,
                store.height,
                store.width,
                crop.minScale() < 1 || augmentation.maxDegrees() > 0 ? 1 : 0,
                pixels,
                grays);
        if (contrast != null) {
            contrast.launch(
                    grid, changes, grays, batch, store.channels, store.height, store.width, pixels);
        }
    }

    private void checkBegun() {
        if (!begun) {
            throw new DeviceException(name() + ": next was called before begin");
        }
    }
}
