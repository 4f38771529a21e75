using System.Buffers.Binary;
using System.Numerics;

namespace FlourishaSandbox.Envd.Http;

/// <summary>
/// SHA-256 (FIPS 180-4). .NET's own asks OpenSSL, which a static program such as the agent does not have. For tokens and signatures, that is
/// for a few bytes at a time.
/// </summary>
public static class Sha256
{
    /// <summary>The length of a hash: 32 bytes.</summary>
    public const int HashLength = 32;

    private const int BlockLength = 64;
    private const int LengthOfLength = 8;

    // The first 32 bits of the fractional parts of the square roots of the first 8 primes, and of the cube roots of the first 64.
    private static readonly uint[] s_start = Fractions(8, Math.Sqrt);
    private static readonly uint[] s_rounds = Fractions(64, Math.Cbrt);

    /// <summary>Computes a hash.</summary>
    /// <param name="data">Of what.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        // Padded by a bit, zeros, and the length in bits.
        var padded = new byte[(data.Length + LengthOfLength + BlockLength) / BlockLength * BlockLength];
        data.CopyTo(padded);
        padded[data.Length] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(padded.AsSpan(padded.Length - LengthOfLength), data.Length * 8L);

        var state = (uint[])s_start.Clone();
        for (var offset = 0; offset < padded.Length; offset += BlockLength)
            Mix(state, padded.AsSpan(offset, BlockLength));

        var hash = new byte[HashLength];
        for (var i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(i * sizeof(uint)), state[i]);

        return hash;
    }

    private static void Mix(uint[] state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[64];
        for (var i = 0; i < 16; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..]);

        for (var i = 16; i < words.Length; i++)
        {
            uint early = words[i - 15], late = words[i - 2];
            words[i] = words[i - 16] + words[i - 7]
                + (Right(early, 7) ^ Right(early, 18) ^ (early >> 3))
                + (Right(late, 17) ^ Right(late, 19) ^ (late >> 10));
        }

        uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        for (var i = 0; i < words.Length; i++)
        {
            var first = h + (Right(e, 6) ^ Right(e, 11) ^ Right(e, 25)) + ((e & f) ^ (~e & g)) + s_rounds[i] + words[i];
            var second = (Right(a, 2) ^ Right(a, 13) ^ Right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    private static uint Right(uint value, int count) => BitOperations.RotateRight(value, count);

    private static uint[] Fractions(int count, Func<double, double> root)
    {
        var fractions = new uint[count];
        for (int number = 2, found = 0; found < count; number++)
        {
            if (!IsPrime(number))
                continue;

            // A double has 53 bits, and the whole part of these roots takes at most 5 of them.
            var value = root(number);
            fractions[found++] = (uint)((value - Math.Floor(value)) * 4_294_967_296.0);
        }

        return fractions;
    }

    private static bool IsPrime(int number)
    {
        for (var divisor = 2; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
                return false;
        }

        return true;
    }
}
