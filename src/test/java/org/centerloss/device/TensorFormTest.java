package org.centerloss.device;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.centerloss.cuda.VirtualGpu;
import org.centerloss.device.op.Addition;
import org.centerloss.device.op.ArgMax;
import org.centerloss.device.op.GlobalAveragePooling;
import org.centerloss.devices.Devices;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tensors are refused, in the same words on every device. */
@VirtualGpu
class TensorFormTest {
    private static void assertRefused(String end, Runnable call) {
        String message = assertThrows(DeviceException.class, call::run).getMessage();
        assertTrue(message.endsWith(end), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cuda"})
    void onlyWhatTensorMadeIsSliced(String name) {
        try (Device device = Devices.open(name, 1);
                Tensor block = device.tensor(256);
                Tensor images = device.activation(1, 1, 16, 16)) {
            Tensor slice = block.slice(64, 2, 64);
            assertRefused(
                    "slice: expected a tensor made by tensor(), found a slice: tensor [2, 64]",
                    () -> slice.slice(0, 64));
            assertRefused(
                    "slice: expected a tensor made by tensor(), found activation [1, 1, 16, 16]",
                    () -> images.slice(0, 64));
            for (long offset : new long[] {-64, 1, 192}) {
                assertRefused(
                        "slice: expected a part of tensor [256] at a multiple of 64, found [65] at "
                                + offset,
                        () -> block.slice(offset, 65));
            }
            assertRefused("use smaller batches", () -> block.slice(0, 0));
        }
    }

    /** Few channels lie as in a plain tensor, on any device; that makes no difference. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cuda"})
    void activationsAndPlainTensorsAreTwoKinds(String name) {
        try (Device device = Devices.open(name, 1);
                Addition addition = device.addition(1, 3, 2, 2);
                GlobalAveragePooling mean = device.globalAveragePooling(1, 3, 2, 2);
                ArgMax argMax = device.argMax(2, 3);
                Tensor image = device.activation(1, 3, 2, 2);
                Tensor wider = device.activation(1, 3, 2, 3);
                Tensor plain = device.tensor(1, 3, 2, 2);
                Tensor block = device.tensor(64);
                Tensor row = device.tensor(1, 3);
                IntTensor three = device.intTensor(3);
                Tensor logits = device.tensor(2, 3)) {
            String expected = ": expected activation [1, 3, 2, 2] of this device, found ";
            Tensor slice = block.slice(0, 1, 3, 2, 2);
            assertRefused(
                    "a" + expected + "tensor [1, 3, 2, 2]",
                    () -> addition.forward(plain, image, image));
            assertRefused(
                    "b" + expected + "tensor [1, 3, 2, 2]",
                    () -> addition.forward(image, slice, image));
            assertRefused(
                    "out" + expected + "activation [1, 3, 2, 3]",
                    () -> addition.forward(image, image, wider));
            assertRefused("b" + expected + "null", () -> addition.forward(image, null, image));
            assertRefused(
                    "y: expected tensor [1, 3] of this device, found activation [1, 3, 2, 2]",
                    () -> mean.forward(image, image));
            assertRefused(
                    "prediction: expected integer tensor [2] of this device, found integer tensor [3]",
                    () -> argMax.forward(logits, three));
            assertRefused(
                    "source: expected activation [1, 3, 2, 2] of this device, found tensor [1, 3, 2, 2]",
                    () -> image.copyFrom(plain));
            assertRefused(
                    "source: expected tensor [1, 3, 2, 2] of this device, found activation [1, 3, 2, 2]",
                    () -> plain.copyFrom(image));
            slice.copyFrom(plain);
            assertRefused(
                    "write: expected 3 values for tensor [1, 3], found 2",
                    () -> row.write(new float[2]));
            assertRefused(
                    "read: expected 3 values for integer tensor [3], found 4",
                    () -> three.read(new int[4]));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "cuda"})
    void tensorsOfAnotherDeviceAndClosedOnesAreRefused(String name) {
        try (Device device = Devices.open(name, 1);
                Device other = Devices.open("reference", 1);
                Tensor foreign = other.tensor(2, 3);
                IntTensor prediction = device.intTensor(2)) {
            ArgMax argMax = device.argMax(2, 3);
            Tensor logits = device.tensor(2, 3);
            assertRefused(
                    "logits: expected tensor [2, 3] of this device, found tensor [2, 3] of another device",
                    () -> argMax.forward(foreign, prediction));
            logits.close();
            assertRefused("tensor [2, 3] was closed", () -> argMax.forward(logits, prediction));
            assertRefused("tensor [2, 3] was closed", logits::zero);
            argMax.close();
            assertRefused(" was closed", () -> argMax.forward(logits, prediction));
        }
    }
}
