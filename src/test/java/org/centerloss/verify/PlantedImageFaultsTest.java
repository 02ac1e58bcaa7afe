package org.centerloss.verify;

import static org.centerloss.verify.FaultyKernels.assertFaults;
import static org.centerloss.verify.FaultyKernels.failing;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.centerloss.cuda.PlantedFault;
import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.Device;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.ImageBatchesCase;
import org.centerloss.verify.op.OpCase;
import org.centerloss.verify.op.OpRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes planted into the sources of the kernels that cut images out and augment them. */
@VirtualGpu
class PlantedImageFaultsTest {
    private static final List<OpCase> IMAGES =
            List.of(new ImageBatchesCase(3, 5, 8, new Augmentation(true, 30, 2), 3));
    private static final List<OpCase> PHOTOS =
            List.of(new ImageBatchesCase(3, 31, 33, Augmentation.light(3), 3));

    @Test
    void missingBarrierBehindOneThreadsCopyIsCaught() {
        PlantedFault barrier =
                PlantedFault.in(
                        "image_batches", "    __syncthreads();\n    float gray", "    float gray");
        assertFaults(barrier, IMAGES, "image_batches_next", "shared");
    }

    @Test
    void missingBarrierBehindOneThreadsMeanIsCaught() {
        PlantedFault barrier =
                PlantedFault.in(
                        "image_batches",
                        "    __syncthreads();\n    if (part.pixel >= size) {",
                        "    if (part.pixel >= size) {");
        assertFaults(barrier, PHOTOS, "image_batches_contrast", "shared");
    }

    @Test
    void missingBarrierBeforeThePositionMovesOnIsCaught() {
        PlantedFault barrier =
                PlantedFault.in(
                        "image_batches",
                        "    __syncthreads();\n    if (threadIdx.x == 0) {\n        position",
                        "    if (threadIdx.x == 0) {\n        position");
        int[] right = IntStream.range(0, 300).toArray();
        assertArrayEquals(right, labelsOfTheFirstBatch(Devices.open("cuda", 0)));
        assertFalse(Arrays.equals(right, labelsOfTheFirstBatch(barrier.open())));
    }

    /** Of 300 images that have their own numbers as labels. */
    private static int[] labelsOfTheFirstBatch(Device device) {
        int[] numbers = IntStream.range(0, 900).toArray();
        try (device;
                OpRun stage = new OpRun(device)) {
            ImageStore store = stage.own(device.imageStore(new byte[900], numbers, 1, 1, 1));
            ImageBatches batches = stage.own(device.imageBatches(store, 300, Augmentation.NONE, 0));
            IntTensor labels = stage.emptyIntegers(300);
            batches.begin(0, numbers, 0);
            batches.next(stage.emptyActivation(300, 1, 1, 1), labels);
            return labels.toInts();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "change.along.start = uniform(words.w) | change.along.start = uniform(words.z)",
                "fmin(log(maxRatio), -log(area)) | log(maxRatio)",
                "fmin(length - 1.0, (pixel + 0.5) | fmin(length + 0.0, (pixel + 0.5)",
                "1.0f, change.brightness * | 1.0f,",
                "0.299f : channel == 1 ? 0.587f | 0.587f : channel == 1 ? 0.299f",
                "static_cast<long long>(part.slot) * part.blocks | part.slot",
                "constant = (1 - contrast) * mean | constant = contrast * mean",
            })
    void mistakeInTheAugmentationOfPhotosIsCaught(String right, String wrong) {
        Set<String> failing = failing(PlantedFault.in("image_batches", right, wrong), PHOTOS);
        assertTrue(failing.stream().allMatch(quantity -> quantity.startsWith("images of epoch")));
        assertNotEquals(Set.of(), failing);
    }

    @Test
    void wrongStrideIsCaught() {
        PlantedFault stride =
                PlantedFault.in(
                        "image_batches",
                        "static_cast<long long>(row) * width",
                        "static_cast<long long>(row) * height");
        Set<String> failing = failing(stride, IMAGES);
        assertTrue(failing.stream().allMatch(quantity -> quantity.startsWith("images of epoch")));
        assertNotEquals(Set.of(), failing);
    }

    @Test
    void entryPastTheEndOfTheOrderIsCaught() {
        PlantedFault entry =
                PlantedFault.in(
                        "image_batches",
                        "slot < left ? position->next + slot : position->length - 1",
                        "position->next + slot");
        assertFaults(entry, IMAGES, "image_batches_draw", "nothing wrote");
    }
}
