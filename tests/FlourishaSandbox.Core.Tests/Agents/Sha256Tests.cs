using System.Security.Cryptography;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Core.Tests.Agents;

public sealed class Sha256Tests
{
    [Fact]
    public void It_is_what_the_library_computes_for_every_length()
    {
        var random = new Random(20261124);
        for (var length = 0; length < 300; length++)
        {
            var data = new byte[length];
            random.NextBytes(data);
            Assert.Equal(Convert.ToHexString(SHA256.HashData(data)), Convert.ToHexString(Sha256.Hash(data)));
        }
    }
}
