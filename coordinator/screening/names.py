"""Words with a capital letter that are nobody's name, though "korban" or "a.n." is before them."""

from typing import Final

_OFFICES: Final = """
    kepala bendahara gubernur bupati wali walikota sekretaris sekda menteri direktur ketua wakil plt
    plh pj pjs kabid kasi kasubag kasubbag asisten staf pejabat pimpinan camat lurah rektor dekan
    kapolda kapolres kapolresta kapolsek kajati kajari danrem dandim ditjen dirjen deputi inspektur
    dinas badan biro bagian bidang seksi kantor kementerian pemerintah pemprov pemkab pemkot
    provinsi prov kabupaten kab kota kecamatan kec kelurahan kel desa kampung rekening kas bank tim
    gugus tugas satgas sub pokja opd uptd upt ppa lpsk lembaga yayasan perusahaan perseroan pt cv
    koperasi universitas fakultas sekolah rumah rsud rs puskesmas panitia penyelenggara presiden
    dkp3a dp3a dp3ap2kb p2tp2a bp3mi bp2mi kp2mi polri tni polda polres polresta polsek kejaksaan
    kejati kejari pengadilan imigrasi kanim lapas bapas disnaker dinsos dinkes disdik disdukcapil
    kesbangpol diskominfo bappeda inspektorat satpol kemen kemenpppa kemensos kemlu kbri kjri lbh
    puspaga pekka fkub pkk penyidik pendamping narahubung operator admin
"""
_CASES: Final = """
    korban saksi pelapor penyintas anak perempuan remaja orang laki dewasa lansia bayi balita
    tindak tindakan perdagangan pidana kekerasan eksploitasi pelecehan penipuan perkosaan
    pencabulan penganiayaan penyelundupan kejahatan pekerja migran buruh nelayan abk warga negara
    asing tppo tppm tip kdrt kbg kbgo tpks ksbe pmi cpmi pmi-b wni wna abh ampk amh ham tki tkw
    tka phk perkawinan trafficking perbudakan penculikan penyekapan terorisme bencana banjir
    perundungan bullying scamming online judi narkoba ppks laporan jumlah data kasus nama identitas
    nomor total tahun bulan tanggal triwulan semester periode usia asal jenis bentuk layanan
    pemulangan rehabilitasi reintegrasi restitusi pendampingan perlindungan penanganan pencegahan
    menurut berdasarkan sesuai dalam pada untuk dari dengan dan atau yang di ke oleh bagi per serta
    adalah telah sudah akan masih tidak belum lain lainnya baru juga dapat harus wajib secara
    agar sebagai melalui saat ketika setelah sebelum karena jika bila tersebut ini itu ahli mahkota
    kunci pelaku tersangka terlapor terdakwa
"""
_PLACES_AND_DAYS: Final = """
    januari februari maret april mei juni juli agustus september oktober november desember
    senin selasa rabu kamis jumat sabtu minggu indonesia nusantara ikn kalimantan kaltim kaltara
    kalsel kalbar kalteng timur utara selatan barat tengah samarinda balikpapan bontang kutai kukar
    kubar kutim kartanegara paser penajam ppu berau mahakam sangatta tenggarong tarakan nunukan
    malaysia sabah sarawak tawau kinabalu singapura kamboja myanmar thailand filipina taiwan
    hongkong arab saudi china tiongkok brunei jepang korea jawa jatim jateng jabar bali ntt ntb
    nusa sulawesi sulsel sulteng sulbar sultra sulut sumatera sumut sumbar sumsel lampung aceh riau
    jambi bengkulu banten jakarta dki yogyakarta surabaya makassar medan bandung semarang maluku
    papua lokal nasional internasional daerah pusat
"""
NOT_NAMES: Final = frozenset(f"{_OFFICES} {_CASES} {_PLACES_AND_DAYS}".split())
